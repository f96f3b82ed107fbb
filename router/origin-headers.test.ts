import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { originHeaders } from './origin-headers.ts';

const origin = suite('where a client has reached the router');
const of = (headers: Record<string, string>, publicOrigin?: string) =>
  Object.fromEntries(originHeaders({ headers }, publicOrigin));

origin('is what the platform says, whatever the load balancer or the client says of it', () => {
  const headers = { host: 'internal-lb', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'elsewhere' };
  assert.equal(of(headers, 'wss://b.example/connect'), {
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'b.example',
    'X-Forwarded-Prefix': '/connect',
  });
});

origin('is without that what the request says, and the path is the router’s own', () => {
  assert.equal(of({ host: '127.0.0.1:8787' }), {
    'X-Forwarded-Proto': 'http',
    'X-Forwarded-Host': '127.0.0.1:8787',
    'X-Forwarded-Prefix': '/connect',
  });
  assert.equal(of({ host: 'x', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'b.example' }), {
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'b.example',
    'X-Forwarded-Prefix': '/connect',
  });
});

origin('is left out where nobody says it', () => {
  assert.equal(of({}), {});
});

origin.run();
