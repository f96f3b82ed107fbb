import { DescribeNetworkInterfacesCommand, type EC2Client } from '@aws-sdk/client-ec2';

/** EC2 has not said within the attempts which public address a network interface has. */
export class NoPublicAddressError extends Error {
  override readonly name = 'NoPublicAddressError';
}

export interface PublicAddressLookup {
  readonly client: EC2Client;
  readonly attempts: number;
  readonly pause: () => Promise<void>;
}

/**
 * The public address of a network interface. EC2 is eventually consistent: an interface that ECS has just named may
 * not be found yet, or be found without its address. So it is asked again, `attempts` times in all.
 */
export async function findPublicAddress(lookup: PublicAddressLookup, interfaceId: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const address = await askForAddress(lookup.client, interfaceId);
    if (address !== undefined) return address;
    if (attempt >= lookup.attempts) {
      throw new NoPublicAddressError(`Network interface ${interfaceId} has no public address`);
    }
    await lookup.pause();
  }
}

async function askForAddress(client: EC2Client, interfaceId: string): Promise<string | undefined> {
  try {
    const { NetworkInterfaces } = await client.send(
      new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [interfaceId] }),
    );
    return NetworkInterfaces?.[0]?.Association?.PublicIp;
  } catch (error) {
    if ((error as Error).name === 'InvalidNetworkInterfaceID.NotFound') return undefined;
    throw error;
  }
}
