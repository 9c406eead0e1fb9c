import { testLint, twoVersions } from './lint-test.js';

const values = (lines: string, environment = 'istio') =>
  twoVersions(`environment: ${environment}\napplication:\n  strategy: mirrored\n${lines}`, {
    second: '    weight: 10\n',
  });

testLint('mutating-mirror', {
  fires: {
    'a mirror of every request': { text: values(''), on: 'strategy: mirrored', says: 'copies every request' },
    'a mirror of a path': {
      text: values('  match:\n  - uri: {prefix: /api}\n'),
      on: '- uri:',
      says: 'copies requests of any method',
    },
    'one match of two': {
      text: values('  matches:\n  - {method: GET}\n  - {method: POST}\n', 'gateway-api'),
      on: '- {method: POST}',
      says: 'copies requests of any method',
    },
    'a whole service of gRPC': {
      text: values('  appProtocol: grpc\n  match:\n  - uri: {prefix: /shop.Cart/}\n'),
      on: '- uri:',
      says: 'copies requests of any method',
    },
  },
  quiet: {
    'a mirror of what reads': { text: values('  match: [{method: {exact: GET}}, {method: {exact: HEAD}}]\n') },
    'a split': { text: values('').replace('mirrored', 'blue-green') },
    'a method of gRPC': { text: values('  appProtocol: grpc\n  match: [{uri: {exact: /shop.Cart/List}}]\n') },
    predictions: {
      text: 'environment: kserve\napplication:\n  strategy: mirrored\n  modelFormat: sklearn\n  versions:\n  - {storageUri: "s3://m/1"}\n  - {storageUri: "s3://m/2", weight: 10}\n',
    },
    'no candidate': { text: 'environment: istio\napplication: {strategy: mirrored, versions: [{image: "shop:v1"}]}\n' },
  },
});
