import { RECORDING_DOWNLOAD } from '../../core/domain/timing.ts';

const MIB = 1024 * 1024;

/** What the encoding of one movie may take. */
export const ENCODER_LIMITS = Object.freeze({
  encodeMs: RECORDING_DOWNLOAD.encodeMs,
  /** Of one picture. Chrome is asked for 1280 x 720 at most. */
  pixels: 1920 * 1080,
  /** Of what it makes. Beside the pictures that it is made of, on the disk of a function. */
  fileBytes: 1024 * MIB,
  /** Of what it says. */
  messageBytes: 2_000,
});

export type EncoderLimits = { readonly [Name in keyof typeof ENCODER_LIMITS]: number };
