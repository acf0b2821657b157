// Keys from the host's own secret store instead of the environment. The provider is asked anew for each run, in
// this thread; nothing that it gives is written anywhere.
import { runOnce } from 'exchange-sync';

const secretStore = {
  read: async (name) => JSON.parse(process.env.SECRET_STORE ?? '{}')[name],
};

const reports = await runOnce({
  exchanges: 'bybit',
  credentials: {
    name: 'secret store',
    accounts: async (exchange) => (exchange === 'bybit' ? ['main'] : []),
    credentials: async ({ exchange, account }) => secretStore.read(`${exchange}/${account}`),
  },
});

for (const { dataType, status, errors } of reports) {
  console.log(dataType, status, errors.map(({ code }) => code).join());
}
process.exitCode = reports.every(({ status }) => status === 'ok') ? 0 : 1;
