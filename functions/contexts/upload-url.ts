/** How long an upload URL of a context is valid. An archive of some hundred megabytes must fit through a slow line. */
export const UPLOAD_URL_SECONDS = 3600;
