'use strict';

// IAM's limit for a managed policy is 6,144 characters without white space, once account and region stand in it.
const MAX_CHARACTERS = 6000;

/** Shares statements out over as few policies as keep to IAM's limit, in their order. */
function split(statements) {
  const policies = [[]];
  for (const statement of statements) {
    const last = policies.at(-1);
    if (last.length && length([...last, statement]) > MAX_CHARACTERS) policies.push([statement]);
    else last.push(statement);
  }
  return policies;
}

function length(statements) {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return text
    .replace(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
    .replaceAll('${AWS::Partition}', 'aws-us-gov')
    .replaceAll('${AWS::Region}', 'ap-southeast-1')
    .replaceAll('${AWS::AccountId}', '123456789012').length;
}

module.exports = { split };
