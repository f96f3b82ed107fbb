/** What the two sides of an execution environment say to each other. Events and answers travel as JSON, as in Lambda. */
export interface EnvironmentSettings {
  readonly bundlePath: string;
  readonly functionName: string;
  readonly memoryMegabytes: number;
  /** Where V8 keeps compiled code between starts; none when undefined. */
  readonly compileCacheDir: string | undefined;
}

export type ToEnvironment =
  | {
      readonly type: 'invoke';
      readonly requestId: string;
      readonly event: string;
      readonly deadlineMs: number;
    }
  /** The reader has room again. */
  | { readonly type: 'drained' };

/** A failure as Lambda reports it. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type FromEnvironment =
  | { readonly type: 'ready' }
  | { readonly type: 'init-failed'; readonly failure: FunctionFailure }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  | { readonly type: 'succeeded'; readonly payload: string }
  | { readonly type: 'failed'; readonly failure: FunctionFailure };
