'use strict';

const { isEmulator } = require('../target.cjs');

/** Where people reach the edge: `url`, its address without a slash at its end. */
module.exports = async ({ resolveVariable }) => {
  const { name } = await domainOf(async (parameter) => String(await resolveVariable(`param:${parameter}`)));
  if (name) return { url: `https://${name}` };
  const domain = { 'Fn::GetAtt': ['Distribution', 'DomainName'] };
  if (!isEmulator(await resolveVariable('sls:stage'))) return { url: { 'Fn::Join': ['', ['https://', domain]] } };
  const { port } = new URL(process.env.AWS_ENDPOINT_URL || `http://127.0.0.1:${process.env.BIGMOUTH_PORT || 4566}`);
  // A browser finds any name below `localhost` on this machine.
  const label = { 'Fn::Select': [0, { 'Fn::Split': ['.', domain] }] };
  return { url: { 'Fn::Join': ['', ['http://', label, `.cloudfront.localhost:${port}`]] } };
};

/** A domain of the owner, and its certificate; both empty without one. */
async function domainOf(parameter) {
  const [name, certificate] = [await parameter('edgeDomain'), await parameter('edgeCertificateArn')];
  if (!name !== !certificate) throw new Error('Set both edgeDomain and edgeCertificateArn, or neither');
  if (certificate && !/^arn:[\w-]+:acm:us-east-1:/.test(certificate)) {
    throw new Error('edgeCertificateArn: CloudFront takes certificates of the region us-east-1 only');
  }
  return { name, certificate };
}

module.exports.domainOf = domainOf;
