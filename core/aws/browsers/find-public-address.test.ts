import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EC2Client } from '@aws-sdk/client-ec2';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findPublicAddress } from './find-public-address.ts';

/** EC2's answers as they are on the wire (Amazon EC2 API reference, DescribeNetworkInterfaces). */
const withAddress = (address: string) => answer(`<association><publicIp>${address}</publicIp></association>`);
const answer = (association: string) => ({
  status: 200,
  body: `<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><networkInterfaceSet>
<item><networkInterfaceId>eni-1</networkInterfaceId>${association}</item></networkInterfaceSet></DescribeNetworkInterfacesResponse>`,
});
const refusal = (status: number, code: string) => ({
  status,
  body: `<Response><Errors><Error><Code>${code}</Code><Message>said so</Message></Error></Errors><RequestID>r</RequestID></Response>`,
});

interface Fixture {
  server: Server;
  client: EC2Client;
  answers: { status: number; body: string }[];
  asked: string[];
}

const addresses = suite<Fixture>('public addresses');

addresses.before.each(async (fixture) => {
  fixture.answers = [];
  fixture.asked = [];
  fixture.server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    fixture.asked.push(body);
    const { status, body: text } = fixture.answers.shift() ?? refusal(500, 'NothingLeftToAnswer');
    response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
  });
  await new Promise<void>((resolve) => fixture.server.listen(0, '127.0.0.1', resolve));
  fixture.client = new EC2Client({
    endpoint: `http://127.0.0.1:${(fixture.server.address() as AddressInfo).port}`,
    region: 'us-west-2',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
});

addresses.after.each(({ server, client }) => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const find = ({ client }: Fixture, pauses: number[] = []) =>
  findPublicAddress({ client, attempts: 3, pause: async () => void pauses.push(1) }, 'eni-1');

addresses('are what EC2 says of the interface', async (fixture) => {
  fixture.answers = [withAddress('203.0.113.7')];
  assert.is(await find(fixture), '203.0.113.7');
  const asked = new URLSearchParams(fixture.asked[0]);
  assert.is(asked.get('Action'), 'DescribeNetworkInterfaces');
  assert.is(asked.get('NetworkInterfaceId.1'), 'eni-1');
});

addresses('are asked for again when EC2 knows the interface, or its address, only later', async (fixture) => {
  fixture.answers = [
    refusal(400, 'InvalidNetworkInterfaceID.NotFound'),
    answer(''),
    withAddress('203.0.113.7'),
  ];
  const pauses: number[] = [];
  assert.is(await find(fixture, pauses), '203.0.113.7');
  assert.is(pauses.length, 2);
});

addresses('that never come are an error which names the interface', async (fixture) => {
  fixture.answers = [answer(''), answer(''), answer('')];
  try {
    await find(fixture);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).name, 'NoPublicAddressError');
    assert.match((error as Error).message, /eni-1/);
  }
  assert.is(fixture.asked.length, 3);
});

addresses('are not asked for again when EC2 refuses an answer', async (fixture) => {
  fixture.answers = [refusal(403, 'UnauthorizedOperation')];
  try {
    await find(fixture);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).name, 'UnauthorizedOperation');
  }
  assert.is(fixture.asked.length, 1);
});

addresses.run();
