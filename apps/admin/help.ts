export const HELP = `The operators' side of a Wallcrawler installation.

  npm run admin -- <command> [options]

Projects
  projects create --name NAME       make a project
      [--id ID]                       its id; by default a new UUID
      [--timeout SECONDS]             default timeout of its sessions, 60 to 21600 (3600)
      [--concurrency N]               sessions at once, 1 to 10000 (25)
      [--owner ID]                    who owns it (owner)
  projects update PROJECT-ID        change its --name, --timeout or --concurrency
  projects list                     list all projects
  projects show PROJECT-ID          one project, with how many keys and contexts it has
  projects delete PROJECT-ID        delete a project; refused while it has sessions that run, contexts or extensions
      [--force]                       end its sessions and delete its contexts with their archives
API keys
  keys create --project ID ...      make an API key for one or several projects; it is shown once
      [--default-project ID]          the project of requests that name none (the first)
      [--name NAME]                   a name for people (key)
      [--expires-in-days N]           1 to 3650; by default never
  keys list                         list all keys; never their text
  keys revoke KEY-ID                revoke a key, by its id in the list
  keys rotate KEY-ID                make a key that takes the place of another; it is shown once
      [--grace TIME]                  how long the old one still works: 0, 30m, 24h, 7d (24h)
      [--expires-in-days N]           of the new one; by default it lives as long as the old one was to
Sessions
  sessions list                     what runs now
      [--project ID] ...              of these projects
      [--all] [--status STATUS]       those that have ended too; or PENDING, RUNNING, ERROR, TIMED_OUT, COMPLETED
      [--limit N]                     1 to 10000 (100)
  sessions show SESSION-ID          all that is known of one
  sessions end SESSION-ID           release it, as its owner could
  usage                             sessions and browser minutes by day (UTC) and project
      [--days N] [--project ID] ...   the last days, 1 to 30 (30); of these projects
      [--csv]                         for a spreadsheet
Contexts
  contexts list                     newest first; [--project ID] ..., [--limit N]
  contexts size                     archives and bytes by project; [--project ID] ...
  contexts versions CONTEXT-ID      the archives that it has and had, newest first; [--limit N]
  contexts restore CONTEXT-ID VERSION  make an earlier one the current one
      [--force]                       also while sessions run that save it
  contexts delete CONTEXT-ID        with its archive, also the earlier ones
Token keys, and the log of all this
  token-keys list                   their ids; never the keys
  token-keys rotate                 sign with a fresh key; the keys before it stay valid for 7 h
      [--drop-earlier]                they do not: live sessions lose their tokens (for a key that leaked)
  audit list                        who did what and when, newest first; [--limit N]

Where
  --data-dir DIR                    the local installation in DIR (WALLCRAWLER_DATA_DIR, or .wallcrawler)
  --prefix NAME                     the AWS tables NAME-projects and so on, the secret NAME-token-keys, the cluster NAME
                                    and the bucket NAME-contexts-<account>; region and credentials come from the
                                    SDK's environment (AWS_REGION, AWS_PROFILE)
  --json                            print JSON; with every command
  --help                            this text

Exit codes: 0 done, 1 refused or failed, 2 a mistake in the command line.
`;
