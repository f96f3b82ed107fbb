import { type ArchiveId, NO_ARCHIVE } from '../../core/domain/profile-save.ts';
import { type Chrome, killGroup } from '../chrome/launch.ts';
import type { SessionDownloads } from '../downloads/session-downloads.ts';
import type { SessionLog } from '../logs/session-log.ts';
import type { RememberedProfile } from '../profile/remember-profile.ts';
import type { SessionProxy } from '../proxy/server.ts';
import type { SessionRecording } from '../recording/session-recording.ts';
import type { SessionEgress } from './session-egress.ts';
import type { SessionFolder } from './session-folder.ts';

/** What there is by now, and so what there is to end. */
export class SessionResources {
  folder: SessionFolder | undefined;
  /** Its profile as it was before Chrome: only where it is to be saved, and there was one. */
  restored: RememberedProfile | undefined;
  /** Which archive its profile was made of. */
  archive: ArchiveId = NO_ARCHIVE;
  proxy: SessionProxy | undefined;
  chrome: Chrome | undefined;
  /** None where its browser goes out by itself. */
  egress: SessionEgress | undefined;
  /** None where the session asked for none. */
  sessionLog: SessionLog | undefined;
  downloads: SessionDownloads | undefined;
  /** None where the session asked for none. */
  recording: SessionRecording | undefined;
  /** Settles when no Chrome can appear any more. */
  browserSettled: Promise<unknown> = Promise.resolve();

  countClients(): number {
    return this.proxy?.clients.countCdp() ?? 0;
  }

  /** Through the session's proxies so far; undefined where it has none. */
  proxyBytes(): number | undefined {
    return this.egress?.proxyBytes;
  }

  /** All of it has been ended in order: the last moment has nothing left to do. */
  release(): void {
    this.chrome = undefined;
    this.folder = undefined;
  }

  /** For the last moment of the process, when nothing can be awaited. */
  abandon(): void {
    killGroup(this.chrome?.pid);
    this.folder?.removeNow();
  }
}
