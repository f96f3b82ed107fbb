import type { Plugin } from 'esbuild';

export declare function contractPlugin(root: string): Plugin;
