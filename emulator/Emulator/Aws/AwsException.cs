namespace Disa.Emulator.Aws;

/// <summary>An error of a service's contract, in AWS's words; the gateway alone turns it into bytes.</summary>
/// <param name="code">The error's name on the wire, such as <c>ResourceNotFoundException</c>.</param>
/// <param name="message">The text that AWS gives for it.</param>
/// <param name="statusCode">The HTTP status; from 500 on, the fault is the service's and SDKs retry.</param>
public sealed class AwsException(string code, string message, int statusCode = 400) : Exception(message)
{
    public string Code { get; } = code;

    public int StatusCode { get; } = statusCode;

    /// <summary>The code that Query-protocol clients know, where it differs (SQS: <c>x-amzn-query-error</c>).</summary>
    public string? QueryCode { get; init; }

    /// <summary>Of a resource's step that failed: the id of what it left behind all the same.</summary>
    public string? LeftBehind { get; init; }

    /// <summary>What Query-protocol clients read, where it differs.</summary>
    public string? QueryMessage { get; init; }

    /// <summary>Further members of the error's shape, such as DynamoDB's <c>CancellationReasons</c>: a JSON object.</summary>
    public System.Text.Json.JsonElement Details { get; init; }

    /// <summary>REST-JSON: false where the error's document does not say whose fault it is, although the service usually does.</summary>
    public bool HasType { get; init; } = true;

    /// <summary>True where the caller gets no answer at all: its connection ends. To workflows and schedules it is what their own client throws.</summary>
    public bool IsLost { get; private init; }

    /// <summary>A call whose answer never comes, asked for as a fault.</summary>
    public static AwsException Lost() =>
        new("SdkClientException", "Unable to execute HTTP request: the connection was reset.", 500) { IsLost = true };

    /// <summary>What this emulator does not support: an honest refusal that names it, with a status that no SDK retries.</summary>
    public static AwsException NotImplemented(string what) => new("NotImplemented", $"The Disa emulator does not support {what}.", 501);
}
