using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.Lambda.Model;

/// <summary>What Invoke asks: the payload is the body, the rest are headers.</summary>
public sealed class InvokeRequest : AmazonWebServiceRequest
{
    public string? FunctionName { get; set; }

    /// <summary>RequestResponse (the default), Event or DryRun.</summary>
    public string? InvocationType { get; set; }

    /// <summary>None or Tail: the last 4 KB of the log come with the answer.</summary>
    public string? LogType { get; set; }

    public string? ClientContextBase64 { get; set; }

    public string? Qualifier { get; set; }

    /// <summary>JSON.</summary>
    public string? Payload { get; set; }

    internal static void Bind(InvokeRequest input, IRequest request)
    {
        AmazonLambdaClient.Path(request, input.FunctionName, input.Qualifier);
        Header(request, "X-Amz-Invocation-Type", input.InvocationType);
        Header(request, "X-Amz-Log-Type", input.LogType);
        Header(request, "X-Amz-Client-Context", input.ClientContextBase64);
        request.Headers["Content-Type"] = "application/json";
        request.Content = Encoding.UTF8.GetBytes(input.Payload ?? "");
    }

    private static void Header(IRequest request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers[name] = value;
        }
    }
}

/// <summary>What Invoke answers.</summary>
public sealed class InvokeResponse : AmazonWebServiceResponse
{
    /// <summary>200 for RequestResponse, 202 for Event, 204 for DryRun.</summary>
    public int? StatusCode { get; set; }

    /// <summary>Handled or Unhandled when the function failed; the payload then says how.</summary>
    public string? FunctionError { get; set; }

    /// <summary>The last 4 KB of the log, base64, where LogType was Tail.</summary>
    public string? LogResult { get; set; }

    public string? ExecutedVersion { get; set; }

    public MemoryStream Payload { get; set; } = new();

    internal static InvokeResponse Read(JsonUnmarshallerContext context)
    {
        var response = new InvokeResponse
        {
            StatusCode = (int)context.ResponseData.StatusCode,
            FunctionError = Header(context, "X-Amz-Function-Error"),
            LogResult = Header(context, "X-Amz-Log-Result"),
            ExecutedVersion = Header(context, "X-Amz-Executed-Version"),
        };
        context.Stream.CopyTo(response.Payload);
        response.Payload.Position = 0;
        return response;
    }

    private static string? Header(JsonUnmarshallerContext context, string name) =>
        context.ResponseData.IsHeaderPresent(name) ? context.ResponseData.GetHeaderValue(name) : null;
}
