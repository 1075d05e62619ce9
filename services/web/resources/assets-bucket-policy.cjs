'use strict';

const { isEmulator } = require('../../../shared-infra/target.cjs');

const FILES = { 'Fn::Sub': '${AssetsBucket.Arn}/assets/*' };
const ONLY_TLS = {
  Sid: 'OnlyTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [{ 'Fn::GetAtt': ['AssetsBucket', 'Arn'] }, { 'Fn::Sub': '${AssetsBucket.Arn}/*' }],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
// The edge is deployed later, so its distribution has no name here. The ARN has the account: AWS documents no other key for
// CloudFront's requests.
const THE_EDGE = {
  Sid: 'TheEdge',
  Effect: 'Allow',
  Principal: { Service: 'cloudfront.amazonaws.com' },
  Action: 's3:GetObject',
  Resource: FILES,
  Condition: {
    ArnLike: { 'aws:SourceArn': { 'Fn::Sub': 'arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/*' } },
  },
};

/** The bucket's policy: only TLS, which the emulator does not know, and on stages with the parameter `edge` its distribution. */
module.exports = async ({ resolveVariable }) => {
  const hasEdge = String(await resolveVariable('param:edge')) === 'true';
  const statements = [...(isEmulator(await resolveVariable('sls:stage')) ? [] : [ONLY_TLS]), ...(hasEdge ? [THE_EDGE] : [])];
  if (!statements.length) return {};
  return {
    Resources: {
      AssetsBucketPolicy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'AssetsBucket' },
          PolicyDocument: { Version: '2012-10-17', Statement: statements },
        },
      },
    },
  };
};
