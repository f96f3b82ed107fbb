/**
 * The sizes of container that an installation offers beside its standard one: whoever runs it names them, in Terraform's
 * `task_sizes`, and a session asks for one by its name.
 */
import { AppError } from './errors.ts';
import { isObject } from './is-object.ts';

/** In ECS's units. */
export interface TaskSize {
  /** 1,024 are a vCPU. */
  readonly cpu: number;
  /** Megabytes. */
  readonly memory: number;
}

export type TaskSizes = Readonly<Record<string, TaskSize>>;

const isPositive = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0;

/** Sizes as Terraform writes them. Throws an Error that says what was expected. */
export function parseTaskSizes(value: unknown): TaskSizes {
  const isUsable =
    isObject(value) &&
    Object.values(value).every((size) => isObject(size) && isPositive(size.cpu) && isPositive(size.memory));
  if (!isUsable) throw new Error('must be an object of sizes, each with cpu and memory');
  return value as TaskSizes;
}

/**
 * The size of this name; undefined where none is asked for, and where `sizes` is undefined: one machine has no containers of
 * a size. Throws a TASK_SIZE_NOT_OFFERED for a name that is not there.
 */
export function taskSizeOf(name: string | undefined, sizes: TaskSizes | undefined): TaskSize | undefined {
  if (name === undefined || sizes === undefined) return undefined;
  // A name may be one that objects have of themselves.
  if (Object.hasOwn(sizes, name)) return sizes[name];
  const names = Object.keys(sizes);
  throw new AppError('TASK_SIZE_NOT_OFFERED', [
    names.length === 0 ? 'left out: every session here has the same size' : `one of ${names.join(', ')}`,
  ]);
}
