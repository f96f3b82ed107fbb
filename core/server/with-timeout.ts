/** The promise's value, or undefined when it takes longer. */
export function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise: first, resolve, reject } = Promise.withResolvers<T | undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  promise.then(resolve, reject);
  return first.finally(() => clearTimeout(timer));
}
