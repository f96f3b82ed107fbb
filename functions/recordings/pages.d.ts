/** A page that we serve, as the build makes it of pages/<name>/. */
declare module '*dist/pages/replay.json' {
  const page: { readonly html: string; readonly script: string; readonly style: string };
  // biome-ignore lint/style/noDefaultExport: that is what a JSON module has.
  export default page;
}
