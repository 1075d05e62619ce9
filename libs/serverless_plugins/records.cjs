'use strict';

/**
 * What API Gateway logs of a request, as one line of JSON. No address, user, token, header or query value: `resourcePath` is the
 * route, such as `/orders/{orderId}`. `requestId` stands in the function's log lines as `request_id`, with the correlation id,
 * which API Gateway does not know; callers may choose it (a UUID), so `extendedRequestId` names the request for sure.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  errorType: '$context.error.responseType',
  responseBytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationMilliseconds: '$context.integration.latency',
  xrayTraceId: '$context.xrayTraceId',
});

/**
 * Switches on what the API's stage records: access logs in a log group of their own, and traces. The stage comes before the
 * service in the name of the log group, so that one pattern of a deployer's policy, whose length is limited, is for all services.
 */
function record(resources, service, { accessLogs, accessLogRetentionDays, xray } = {}) {
  const { Properties } = resources.ApiGatewayStage;
  if (isOn(accessLogs)) {
    resources.ApiGatewayAccessLogs = {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: `/access/${Properties.StageName}/${service}`, RetentionInDays: Number(accessLogRetentionDays) },
    };
    Properties.AccessLogSetting = { DestinationArn: { 'Fn::GetAtt': ['ApiGatewayAccessLogs', 'Arn'] }, Format: FORMAT };
  }
  if (isOn(xray)) Properties.TracingEnabled = true;
}

/** A parameter of the command line is a text. */
function isOn(parameter) {
  return String(parameter) === 'true';
}

/** Lets functions that are traced send segments. X-Ray knows no resources. */
function sendTraces(resources) {
  const roles = new Set(
    Object.values(resources)
      .filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties.TracingConfig)
      .map(({ Properties }) => Properties.Role['Fn::GetAtt'][0]),
  );
  for (const role of roles) {
    for (const { PolicyDocument } of resources[role].Properties.Policies) {
      PolicyDocument.Statement.push({
        Effect: 'Allow',
        Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
        Resource: '*',
      });
    }
  }
}

module.exports = { FORMAT, record, sendTraces };
