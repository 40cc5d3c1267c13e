#!/usr/bin/env node
// npm links this before anything is compiled; the command itself is server/src/main.ts.
import '../dist/main.js';
