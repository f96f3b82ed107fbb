/** Every place where a token is asked for, and how one is shown there. */
import type { TokenAudience } from '../../../core/tokens/tokens.ts';
import type { Knock } from './knock.ts';
import { fillPath, OPERATIONS } from './operations.ts';

export interface Door {
  readonly name: string;
  readonly audiences: readonly TokenAudience[];
  /** It serves this session alone, whatever session a token is of. */
  readonly sessionId?: string;
  /** What it answers to the right token. */
  readonly opensWith: readonly number[];
  /** The token stands in its path: what cannot stand there leads to another path. */
  readonly isInPath?: boolean;
  readonly ask: (token: string) => Knock;
}

export interface Places {
  /** The one port of a machine, with its router and its API. */
  readonly front: number;
  /** The port of the session's own container. */
  readonly container: number;
  readonly sessionId: string;
  readonly pageId: string;
  /** A container that waits for a session. */
  readonly warm: { readonly port: number; readonly id: string };
  /** A session that has ended and has a film. */
  readonly recordedId: string;
  readonly claimBody: string;
}

const encode = encodeURIComponent;

/** Of a session's proxy; below the router's path they are the router's too. */
function proxyDoors({ front, container, sessionId, pageId }: Places): Door[] {
  const doors: (Omit<Door, 'ask' | 'name'> & { readonly path: (token: string) => string } & Omit<
      Knock,
      'port' | 'path'
    >)[] = [
    { audiences: ['cdp'], opensWith: [101], isUpgrade: true, path: (token) => `/?signingKey=${token}` },
    {
      audiences: ['cdp'],
      opensWith: [101],
      isUpgrade: true,
      path: (token) => `/devtools/browser/x?signingKey=${token}`,
    },
    {
      audiences: ['cdp'],
      opensWith: [101],
      isUpgrade: true,
      path: (token) => `/devtools/page/${pageId}?signingKey=${token}`,
    },
    { audiences: ['cdp'], opensWith: [200], path: (token) => `/json/version?signingKey=${token}` },
    { audiences: ['cdp'], opensWith: [200], path: (token) => `/json/list?signingKey=${token}` },
    {
      audiences: ['cdp', 'upload'],
      opensWith: [200],
      method: 'PUT',
      body: 'x',
      path: (token) => `/uploads/f.txt?signingKey=${token}`,
    },
    ...['/json/list', '/view', '/devtools/inspector.html'].map((rest) => ({
      audiences: ['live'] as const,
      opensWith: [200],
      isInPath: true,
      path: (token: string) => `/live/${token}${rest}`,
    })),
    ...[`/devtools/page/${pageId}`, '/cast', `/cast/${pageId}`].map((rest) => ({
      audiences: ['live'] as const,
      opensWith: [101],
      isInPath: true,
      isUpgrade: true,
      path: (token: string) => `/live/${token}${rest}`,
    })),
    {
      audiences: ['live'],
      opensWith: [409],
      isInPath: true,
      method: 'PUT',
      body: 'x',
      path: (token) => `/live/${token}/files/chooser/f.txt`,
    },
  ];
  return doors.flatMap(({ path, audiences, opensWith, isInPath = false, ...knock }) => {
    const base = { audiences, opensWith, isInPath };
    const verb = knock.isUpgrade === true ? 'upgrade' : (knock.method ?? 'GET');
    return [
      {
        ...base,
        name: `container: ${verb} ${path('T')}`,
        sessionId,
        ask: (token: string) => ({ ...knock, port: container, path: path(encode(token)) }),
      },
      {
        ...base,
        name: `router: ${verb} /connect${path('T')}`,
        ask: (token: string) => ({ ...knock, port: front, path: `/connect${path(encode(token))}` }),
      },
    ];
  });
}

const claimDoors = ({ front, warm, claimBody }: Places): Door[] =>
  [
    { name: 'router: POST /connect/claim/T', port: front, prefix: '/connect' },
    { name: 'warm container: POST /claim/T', port: warm.port, prefix: '' },
  ].map(({ name, port, prefix }) => ({
    name,
    audiences: ['claim'],
    // It is let in, and its body is none that this container can open.
    opensWith: [400],
    isInPath: true,
    ask: (token) => ({
      port,
      method: 'POST',
      path: `${prefix}/claim/${encode(token)}`,
      body: claimBody,
      headers: { 'content-type': 'application/jose' },
    }),
  }));

const containerApiDoors = (
  { front, sessionId, warm }: Places,
  bodies: Readonly<Record<string, object>>,
): Door[] =>
  OPERATIONS.filter(({ door }) => door === 'controllerToken').map(({ operationId, method, path }) => {
    const isWarm = path.startsWith('/internal/warm/');
    const id = isWarm ? warm.id : sessionId;
    return {
      name: `container API: ${operationId}`,
      audiences: [isWarm ? 'warm' : 'controller'],
      sessionId: id,
      // Whatever it says of the rest, it has let the token in.
      opensWith: [200, 400, 404, 409],
      ask: (token) => ({
        port: front,
        method,
        path: fillPath(path, { id }),
        body: JSON.stringify(bodies[operationId] ?? {}),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${headerSafe(token)}` },
      }),
    };
  });

const replayDoors = ({ front }: Places): Door[] =>
  OPERATIONS.filter(({ path }) => path.startsWith('/replay/{token}')).map(({ operationId, path }) => ({
    name: `replay: ${operationId}`,
    audiences: ['replay'],
    opensWith: [200],
    isInPath: true,
    ask: (token) => ({ port: front, path: path.replace('{token}', encode(token)) }),
  }));

/** A header cannot carry it: it is sent as it can be. */
const headerSafe = (token: string): string => token.replace(/[^\x20-\x7e]/g, '?');

export const doorsOf = (places: Places, bodies: Readonly<Record<string, object>>): readonly Door[] => [
  ...proxyDoors(places),
  ...claimDoors(places),
  ...containerApiDoors(places, bodies),
  ...replayDoors(places),
];
