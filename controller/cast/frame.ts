import { FRAME_HEADER_BYTES } from '../../core/domain/cast-messages.ts';

/** A picture of a page. */
export interface Frame {
  readonly number: number;
  /** The header and the JPEG, as it is sent. */
  readonly message: Buffer;
}

/** Of `Page.screencastFrame`. */
export interface FrameMetadata {
  readonly deviceWidth: number;
  readonly deviceHeight: number;
}

export function toFrame(number: number, jpeg: string, { deviceWidth, deviceHeight }: FrameMetadata): Frame {
  const image = Buffer.from(jpeg, 'base64');
  const message = Buffer.allocUnsafe(FRAME_HEADER_BYTES + image.length);
  message.writeUInt32BE(number, 0);
  message.writeUInt16BE(Math.min(Math.round(deviceWidth), 0xffff), 4);
  message.writeUInt16BE(Math.min(Math.round(deviceHeight), 0xffff), 6);
  image.copy(message, FRAME_HEADER_BYTES);
  return { number, message };
}
