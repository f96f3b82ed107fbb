/** Of an uploaded file. Certificates have one or two thousand; what `openssl` writes beside one as text is a few more. */
export const MAX_CERTIFICATE_FILE_BYTES = 16_384;

/** So many a project may have. */
export const MAX_CERTIFICATES_OF_A_PROJECT = 100;

/** So many a session may trust: their ids travel in its container's environment. */
export const MAX_CERTIFICATES_OF_A_SESSION = 10;
