/** Tells the terminal, once for each, of the settings that a function's log says were asked for and ignored. */
import { isObject } from '../../core/domain/is-object.ts';

// The header's limit is a client's to fill; what it makes up must not fill the terminal.
const MAX_TOLD = 100;

/** Takes the lines that functions print. */
export function tellIgnored(tell: (line: string) => void): (line: string) => void {
  const told = new Set<string>();
  return (line) => {
    if (!line.includes('"ignored":')) return;
    for (const setting of ignoredIn(line)) {
      if (told.has(setting) || told.size >= MAX_TOLD) continue;
      told.add(setting);
      tell(`Ignored    ${setting}: accepted, and not acted on (docs/session-settings.md)`);
    }
  };
}

function ignoredIn(line: string): string[] {
  try {
    const entry: unknown = JSON.parse(line);
    return isObject(entry) && typeof entry.ignored === 'string' ? entry.ignored.split(', ') : [];
  } catch {
    // Not a line of our logger: a function may print what it likes.
    return [];
  }
}
