'use strict';

const { existsSync, readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const { isEmulator } = require('../target.cjs');
const { domainOf } = require('./address.cjs');
const firewall = require('./firewall.cjs');
const originSecrets = require('./origin-secrets.cjs');

const SERVICES = path.join(__dirname, '..', '..', 'services');
// The service behind all paths but /api.
const PAGES = 'web';
// The bucket of its files, which are named with the hash of their content: 32 characters.
const FILES = 'files';
const HASHED = `/assets/*.${'?'.repeat(32)}.*`;
// The header that tells the page below which path it finds the APIs: it is only there when the edge has asked for the page.
const APIS_BELOW = { HeaderName: 'Big-Mouth-Apis-Below', HeaderValue: '/api' };
// Policies that AWS keeps for all accounts: nothing is cached; all of the request is forwarded but its host.
const NEVER = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_BUT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const READS = ['GET', 'HEAD'];
const READS_OF_PAGES = [...READS, 'OPTIONS'];
const ALL_METHODS = [...READS_OF_PAGES, 'PUT', 'PATCH', 'POST', 'DELETE'];
// Statuses whose answers CloudFront may keep. An error is one person's, or over in a moment.
const ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
// CloudFront signs its requests to the bucket, whose policy allows it to read.
const FILES_ORIGIN = {
  Id: FILES,
  DomainName: { 'Fn::Sub': '${AssetsBucketName}.s3.${AWS::Region}.${AWS::URLSuffix}' },
  OriginAccessControlId: { Ref: 'ReadsFiles' },
  S3OriginConfig: { OriginAccessIdentity: '' },
};
const OLDEST_TLS = 'TLSv1.2_2021';

/** The distribution: one host for the page and, below /api/SERVICE, the API of every service that has one. */
module.exports = async (variables) => {
  const { resolveVariable } = variables;
  const parameter = async (name) => String(await resolveVariable(`param:${name}`));
  const stage = await resolveVariable('sls:stage');
  const { sent } = await originSecrets(variables);
  const { webAclId } = await firewall(variables);
  const here = isEmulator(stage) ? onEmulator(stage) : onAws(stage);
  const services = servicesWithUrl();
  return {
    Parameters: Object.fromEntries(services.map((service) => [urlOf(service), urlParameter(service, stage)])),
    Resources: {
      ReadsFiles: {
        Type: 'AWS::CloudFront::OriginAccessControl',
        Properties: {
          OriginAccessControlConfig: {
            Name: `edge-${stage}-files`,
            OriginAccessControlOriginType: 's3',
            SigningBehavior: 'always',
            SigningProtocol: 'sigv4',
          },
        },
      },
      Distribution: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Comment: `Big Mouth, stage ${stage}`,
            Enabled: true,
            HttpVersion: 'http2and3',
            IPV6Enabled: true,
            PriceClass: await parameter('edgePriceClass'),
            WebACLId: webAclId,
            ...(await domain(parameter)),
            Origins: [...services.map((service) => origin(service, sent, here)), FILES_ORIGIN],
            DefaultCacheBehavior: behaviour(PAGES, here, { methods: READS_OF_PAGES }),
            CacheBehaviors: behaviours(services).map(([pattern, service, rules]) => ({
              PathPattern: pattern,
              ...behaviour(service, here, rules),
            })),
            CustomErrorResponses: ERRORS.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
          },
        },
      },
    },
  };
};

/** Path patterns in the order in which CloudFront asks them; the first that matches counts. */
function behaviours(services) {
  const kept = { headers: 'SecurityHeadersOfKept', forwards: { Ref: 'ForBodies' } };
  return [
    ['/', PAGES, { ...kept, caches: { Ref: 'Briefly' }, methods: READS_OF_PAGES }],
    [HASHED, FILES, { headers: 'SecurityHeadersOfKept', forwards: null, caches: { Ref: 'AsOriginSays' }, methods: READS_OF_PAGES }],
    ['/assets/*', PAGES, { ...kept, caches: { Ref: 'AsOriginSays' }, methods: READS_OF_PAGES }],
    ['/acceptances/*', PAGES, {}],
    ['/api/restaurants/restaurants/search', 'restaurants', { ...kept, caches: { Ref: 'Briefly' }, isApi: true }],
    ...services.map((service) => [`/api/${service}/*`, service, { isApi: true }]),
  ];
}

function behaviour(origin, here, { caches = NEVER, forwards = ALL_BUT_HOST, headers = 'SecurityHeaders', methods = ALL_METHODS, isApi = false }) {
  const strip = { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['StripPrefix', 'FunctionMetadata.FunctionARN'] } };
  return {
    TargetOriginId: origin,
    ViewerProtocolPolicy: here.viewers,
    AllowedMethods: methods,
    CachedMethods: READS,
    Compress: true,
    CachePolicyId: caches,
    ...(forwards ? { OriginRequestPolicyId: forwards } : {}),
    ResponseHeadersPolicyId: { Ref: headers },
    ...(isApi ? { FunctionAssociations: [strip] } : {}),
  };
}

function origin(service, secret, here) {
  const url = { Ref: urlOf(service) };
  return {
    Id: service,
    ...here.address(url),
    // API Gateway ends a request after 29 seconds.
    CustomOriginConfig: { ...here.connection, OriginReadTimeout: 30 },
    OriginCustomHeaders: [
      { HeaderName: 'Referer', HeaderValue: secret },
      ...(service === PAGES ? [APIS_BELOW] : []),
    ],
  };
}

function onAws(stage) {
  return {
    viewers: 'redirect-to-https',
    connection: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
    // https://HOST/STAGE
    address: (url) => ({ DomainName: part(url, 2), OriginPath: `/${stage}` }),
  };
}

/** The emulator reaches itself by this name only, and has no TLS. */
function onEmulator(stage) {
  const port = new URL(process.env.AWS_ENDPOINT_URL || `http://127.0.0.1:${process.env.BIGMOUTH_PORT || 4566}`).port;
  return {
    viewers: 'allow-all',
    connection: { OriginProtocolPolicy: 'http-only', HTTPPort: Number(port) },
    // http://127.0.0.1:PORT/_aws/execute-api/API/STAGE
    address: (url) => ({
      DomainName: 'localhost',
      OriginPath: { 'Fn::Join': ['', ['/_aws/execute-api/', part(url, 5), `/${stage}`]] },
    }),
  };
}

async function domain(parameter) {
  const { name, certificate } = await domainOf(parameter);
  if (!name) return { ViewerCertificate: { CloudFrontDefaultCertificate: true } };
  return {
    Aliases: [name],
    ViewerCertificate: { AcmCertificateArn: certificate, SslSupportMethod: 'sni-only', MinimumProtocolVersion: OLDEST_TLS },
  };
}

function servicesWithUrl() {
  return readdirSync(SERVICES)
    .filter((service) => {
      const outputs = path.join(SERVICES, service, 'resources', 'outputs.yml');
      return existsSync(outputs) && readFileSync(outputs, 'utf8').includes('/serviceUrl');
    })
    .sort();
}

function urlParameter(service, stage) {
  return { Type: 'AWS::SSM::Parameter::Value<String>', Default: `/${service}/${stage}/serviceUrl` };
}

function urlOf(service) {
  const words = service.split('-').map((word) => word[0].toUpperCase() + word.slice(1));
  return `${words.join('')}Url`;
}

function part(url, index) {
  return { 'Fn::Select': [index, { 'Fn::Split': ['/', url] }] };
}
