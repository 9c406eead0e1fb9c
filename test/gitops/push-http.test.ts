import { afterAll, beforeAll } from 'vitest';
import { backendSuite } from './conformance/backend-suite.js';
import { pushGround } from './grounds.js';
import { type HttpServer, serveRepositories } from './http-server.js';

let http: HttpServer;

beforeAll(async () => {
  http = await serveRepositories('/');
});
afterAll(() => http.close());

backendSuite('push over http', async (files) => pushGround(files, { url: (server) => http.url + server }));
