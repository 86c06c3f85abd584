namespace Disa.Emulator.Lambda;

/// <summary>The module that CloudFormation puts beside inline code, with which a custom resource's function answers.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html</remarks>
internal static class ResponseModule
{
    private const string Python = """
        import json
        import urllib.request

        SUCCESS = "SUCCESS"
        FAILED = "FAILED"


        def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
            body = json.dumps({
                "Status": responseStatus,
                "Reason": reason or "See the details in CloudWatch Log Stream: {}".format(context.log_stream_name),
                "PhysicalResourceId": physicalResourceId or context.log_stream_name,
                "StackId": event["StackId"],
                "RequestId": event["RequestId"],
                "LogicalResourceId": event["LogicalResourceId"],
                "NoEcho": noEcho,
                "Data": responseData,
            }).encode("utf-8")
            request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT", headers={"content-type": ""})
            try:
                with urllib.request.urlopen(request) as response:
                    print("Status code:", response.status)
            except Exception as error:
                print("send(..) failed executing http.request(..):", error)

        """;

    private const string Node = """
        exports.SUCCESS = "SUCCESS";
        exports.FAILED = "FAILED";

        exports.send = function (event, context, responseStatus, responseData, physicalResourceId, noEcho) {
          return new Promise((resolve) => {
            const body = JSON.stringify({
              Status: responseStatus,
              Reason: "See the details in CloudWatch Log Stream: " + context.logStreamName,
              PhysicalResourceId: physicalResourceId || context.logStreamName,
              StackId: event.StackId,
              RequestId: event.RequestId,
              LogicalResourceId: event.LogicalResourceId,
              NoEcho: noEcho || false,
              Data: responseData,
            });
            const url = new URL(event.ResponseURL);
            const sender = require(url.protocol === "http:" ? "http" : "https");
            const options = { method: "PUT", headers: { "content-type": "", "content-length": Buffer.byteLength(body) } };
            const done = () => {
              resolve();
              if (context.done) {
                context.done();
              }
            };
            const request = sender.request(url, options, (response) => {
              response.resume();
              response.on("end", done);
            });
            request.on("error", (error) => {
              console.log("send(..) failed executing request(..): " + error);
              done();
            });
            request.write(body);
            request.end();
          });
        };

        """;

    /// <summary>The module's file, where the code asks for it.</summary>
    public static (string Name, string Text)? For(string code, bool isPython) =>
        isPython && code.Contains("cfnresponse", StringComparison.Ordinal) ? ("cfnresponse.py", Python)
        : !isPython && code.Contains("cfn-response", StringComparison.Ordinal) ? ("node_modules/cfn-response/index.js", Node)
        : null;
}
