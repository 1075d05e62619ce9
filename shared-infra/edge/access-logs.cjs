'use strict';

const GLOBAL_REGION = 'us-east-1';
// Neither who asked (address, browser, referrer), nor for what exactly (path and query may hold names and addresses). Paths are
// told by the pattern of the behaviour. WAF's samples have addresses, for three hours.
const FIELDS = [
  'date',
  'time',
  'x-edge-location',
  'cs-method',
  'cache-behavior-path-pattern',
  'sc-status',
  'sc-bytes',
  'time-taken',
  'time-to-first-byte',
  'x-edge-result-type',
  'x-edge-detailed-result-type',
  'x-edge-request-id',
  'c-country',
];

/**
 * The distribution's access logs (standard logging v2), in a bucket that forgets them after `logRetentionDays`.
 *
 * CloudWatch Logs delivers those of CloudFront from us-east-1 only, so a stack of another region has none.
 */
module.exports = async ({ resolveVariable }) => {
  if ((await resolveVariable('self:provider.region')) !== GLOBAL_REGION) return {};
  const name = `edge-${await resolveVariable('sls:stage')}`;
  const days = Number(await resolveVariable('param:logRetentionDays'));
  return {
    Resources: {
      AccessLogsBucket: bucket(days),
      AccessLogsBucketPolicy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'AccessLogsBucket' }, PolicyDocument: { Version: '2012-10-17', Statement: statements(name) } },
      },
      AccessLogsSource: {
        Type: 'AWS::Logs::DeliverySource',
        Properties: {
          Name: name,
          LogType: 'ACCESS_LOGS',
          ResourceArn: { 'Fn::Sub': 'arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}' },
        },
      },
      AccessLogsDestination: {
        Type: 'AWS::Logs::DeliveryDestination',
        Properties: { Name: name, OutputFormat: 'json', DestinationResourceArn: { 'Fn::GetAtt': ['AccessLogsBucket', 'Arn'] } },
      },
      AccessLogsDelivery: {
        Type: 'AWS::Logs::Delivery',
        // The policy allows the delivery, and the source has to exist by its name.
        DependsOn: ['AccessLogsBucketPolicy', 'AccessLogsSource'],
        Properties: {
          DeliverySourceName: name,
          DeliveryDestinationArn: { 'Fn::GetAtt': ['AccessLogsDestination', 'Arn'] },
          RecordFields: FIELDS,
          S3SuffixPath: '{yyyy}/{MM}/{dd}/{HH}',
        },
      },
    },
  };
};

function bucket(days) {
  return {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      LifecycleConfiguration: { Rules: [{ Id: 'forget', Status: 'Enabled', ExpirationInDays: days }] },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    },
  };
}

function statements(source) {
  return [
    {
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: { 'Fn::Sub': '${AccessLogsBucket.Arn}/AWSLogs/${AWS::AccountId}/CloudFront/*' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: {
          'aws:SourceArn': { 'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:delivery-source:${source}` },
        },
      },
    },
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [{ 'Fn::GetAtt': ['AccessLogsBucket', 'Arn'] }, { 'Fn::Sub': '${AccessLogsBucket.Arn}/*' }],
      Condition: { Bool: { 'aws:SecureTransport': false } },
    },
  ];
}
