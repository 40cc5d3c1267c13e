export { demoPage } from './demo-page.ts';
export { Credentials } from './credentials.ts';
export { identityRoutes } from './routes.ts';
export { Identity } from './service.ts';
