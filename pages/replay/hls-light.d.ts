/** The build of hls.js without what a film of ours never has: other sound, subtitles, encryption, advertisements. */
declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}
