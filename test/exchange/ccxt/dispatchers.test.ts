import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import { Managed, rejection } from '../support/managed.js';

describe('a proxy', () => {
  const servers: (Server | TcpServer)[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.close();
      await once(server, 'close');
    }
  });

  async function listen(server: Server | TcpServer): Promise<number> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  it('for HTTPS is asked to connect to the exchange, with its password, which no error repeats', async () => {
    const asked: { target: string | undefined; authorization: string | undefined }[] = [];
    const proxy = createServer().on('connect', ({ url, headers }, socket) => {
      asked.push({ target: url, authorization: headers['proxy-authorization'] });
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const httpsProxy = `http://somebody:password-canary@127.0.0.1:${await listen(proxy)}`;
    const managed = new Managed({
      exchange: 'bybit',
      clock: systemClock,
      profile: bybit,
      connection: { httpsProxy },
    });
    const error = await rejection(managed.publicSession());
    await managed.manager.close();
    expect(asked[0]?.target).to.equal('api.bybit.com:443');
    expect(Buffer.from(asked[0]!.authorization!.slice('Basic '.length), 'base64').toString()).to.equal(
      'somebody:password-canary',
    );
    expect(error).to.include({ code: 'EXCHANGE_UNAVAILABLE' });
    expect(error.message).to.include('407').and.not.include('canary');
  });

  it('for SOCKS is spoken to in version 5', async () => {
    const greetings: number[] = [];
    const proxy = createTcpServer((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', (data) => {
          greetings.push(data[0]!);
          // None of the ways to authenticate is acceptable.
          socket.end(Buffer.from([5, 0xff]));
        });
    });
    const socksProxy = `socks5://127.0.0.1:${await listen(proxy)}`;
    const managed = new Managed({
      exchange: 'bybit',
      clock: systemClock,
      profile: bybit,
      connection: { socksProxy },
    });
    const error = await rejection(managed.publicSession());
    await managed.manager.close();
    expect(greetings[0]).to.equal(5);
    expect(error).to.include({ code: 'EXCHANGE_UNAVAILABLE' });
  });
});
