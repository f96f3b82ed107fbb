// CloudFront Functions, runtime 2.0: runs on every viewer request that the firewall let through.
// That runtime has neither for-of nor optional chaining.
//
// API Gateway caches an authorizer's answer under its identity sources and refuses a request that lacks one of them,
// without asking. A client sends one API key and perhaps one project, in either family of headers: so each of the four
// is made present, and '-' says that the client did not send it. What a client sends as '-' means the same. One that is
// sent twice becomes the list that HTTP says it is, which is nobody's key and no project: no two readers choose two values.
const IDENTITY_HEADERS = ['x-bb-api-key', 'x-wc-api-key', 'x-bb-project-id', 'x-wc-project-id'];

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls `handler` by its name.
function handler(event) {
  const request = event.request;
  IDENTITY_HEADERS.forEach((name) => {
    const sent = request.headers[name];
    // biome-ignore lint/complexity/useOptionalChain: the runtime has no optional chaining
    if (!sent || !sent.value) request.headers[name] = { value: '-' };
    else if (sent.multiValue)
      request.headers[name] = { value: sent.multiValue.map((each) => each.value).join(', ') };
  });
  return request;
}
