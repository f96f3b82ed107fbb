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
  /** Less than 1 where a phone shows a page smaller than it is. */
  readonly pageScaleFactor?: number;
}

export function toFrame(number: number, jpeg: string, metadata: FrameMetadata): Frame {
  const { deviceWidth, deviceHeight, pageScaleFactor: scale = 1 } = metadata;
  const image = Buffer.from(jpeg, 'base64');
  const message = Buffer.allocUnsafe(FRAME_HEADER_BYTES + image.length);
  message.writeUInt32BE(number, 0);
  message.writeUInt16BE(Math.min(Math.round(deviceWidth / scale), 0xffff), 4);
  message.writeUInt16BE(Math.min(Math.round(deviceHeight / scale), 0xffff), 6);
  image.copy(message, FRAME_HEADER_BYTES);
  return { number, message };
}
