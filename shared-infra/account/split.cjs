'use strict';

// IAM's limit for a managed policy is 6,144 characters without white space, with account and region filled in.
const MAX_CHARACTERS = 6000;

/**
 * Distributes statements over few policies within IAM's limit. A statement that is too long on its own becomes several, with
 * a part of the resources each.
 */
function split(statements) {
  const policies = [];
  for (const statement of statements.flatMap(inParts)) {
    const roomy = policies.find((policy) => length([...policy, statement]) <= MAX_CHARACTERS);
    if (roomy) roomy.push(statement);
    else policies.push([statement]);
  }
  return policies;
}

function inParts(statement) {
  const { Resource, Sid } = statement;
  if (!Array.isArray(Resource) || Resource.length < 2 || length([statement]) <= MAX_CHARACTERS) return [statement];
  const half = Math.ceil(Resource.length / 2);
  const parts = [Resource.slice(0, half), Resource.slice(half)];
  return parts.flatMap((part, index) => inParts({ ...statement, ...(Sid && { Sid: `${Sid}${index + 1}` }), Resource: part }));
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
