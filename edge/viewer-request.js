// CloudFront Functions, runtime 2.0: runs on every viewer request that the firewall let through.
// That runtime has neither for-of nor optional chaining.
//
// API Gateway caches an authorizer's answer under its identity sources and refuses a request that lacks one of them,
// without asking. A client sends one API key and perhaps one project, in either family of headers: so each of the four
// is made present, and '-' says that the client did not send it. What a client sends as '-' means the same. One that is
// sent twice becomes the list that HTTP says it is, which is nobody's key and no project: no two readers choose two values.
//
// A key in `Authorization: Bearer` becomes the first of the four, where neither header of a key is sent. So it is no fifth
// identity source, and the API, which takes a header of that name for a signature, never sees one.
const IDENTITY_HEADERS = ['x-bb-api-key', 'x-wc-api-key', 'x-bb-project-id', 'x-wc-project-id'];
const BEARER = /^bearer +([^ ]+) *$/i;
// Has spaces, which no key has: the authorizer says that it is malformed.
const NO_BEARER = 'not a bearer token';

const isSent = (header) => Boolean(header) && header.value !== '' && header.value !== '-';

function moveBearer(request) {
  const headers = request.headers;
  const sent = headers.authorization;
  // The containers' own token stays where it is.
  if (!sent || request.uri.indexOf('/v1/') !== 0) return;
  delete headers.authorization;
  if (isSent(headers['x-bb-api-key']) || isSent(headers['x-wc-api-key']) || !isSent(sent)) return;
  const found = sent.multiValue ? null : BEARER.exec(sent.value);
  headers['x-bb-api-key'] = { value: found === null ? NO_BEARER : found[1] };
}

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls `handler` by its name.
function handler(event) {
  const request = event.request;
  moveBearer(request);
  IDENTITY_HEADERS.forEach((name) => {
    const sent = request.headers[name];
    // biome-ignore lint/complexity/useOptionalChain: the runtime has no optional chaining
    if (!sent || !sent.value) request.headers[name] = { value: '-' };
    else if (sent.multiValue)
      request.headers[name] = { value: sent.multiValue.map((each) => each.value).join(', ') };
  });
  return request;
}
