/** Made by scripts/build.mjs from the operation of that id in functions/openapi.json. */
declare module 'contract:*' {
  import type { EventValidator } from './api.ts';

  const validate: EventValidator;
  // biome-ignore lint/style/noDefaultExport: a compiled validator is its module's only value
  export default validate;
}
