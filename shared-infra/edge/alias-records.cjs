'use strict';

// The hosted zone of all distributions of CloudFront.
const ZONE_OF_CLOUDFRONT = 'Z2FDTNDATAQYW2';

/** The address records of `edgeDomain`, in the zone `edgeHostedZoneId`; without a zone they are left to the owner. */
module.exports = async ({ resolveVariable }) => {
  const zone = String(await resolveVariable('param:edgeHostedZoneId'));
  if (!zone) return {};
  const name = String(await resolveVariable('param:edgeDomain'));
  return { Resources: { AddressRecord: record('A', zone, name), AddressRecordV6: record('AAAA', zone, name) } };
};

function record(Type, HostedZoneId, Name) {
  return {
    Type: 'AWS::Route53::RecordSet',
    Properties: {
      HostedZoneId,
      Name,
      Type,
      AliasTarget: { HostedZoneId: ZONE_OF_CLOUDFRONT, DNSName: { 'Fn::GetAtt': ['Distribution', 'DomainName'] } },
    },
  };
}
