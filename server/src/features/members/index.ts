export { applicationRoutes } from './application-routes.ts';
export { Applications } from './applications.ts';
export { pointsRoutes } from './points-routes.ts';
export { memberRoutes } from './routes.ts';
export { Members } from './service.ts';
export { addressField, birthdayField } from './schemas.ts';
