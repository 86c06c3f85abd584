using System.Text.Json;

namespace Disa.Emulator;

/// <summary>A mail that SNS sent.</summary>
/// <param name="To">The address.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Body">The text, with what SNS puts below it.</param>
/// <param name="ReceivedAt">When it came, on the emulator's clock.</param>
/// <param name="TopicArn">The topic that it came from.</param>
/// <param name="MessageId">The id of the published message; null for a mail that asks to confirm a subscription.</param>
public sealed record Mail(string To, string Subject, string Body, DateTimeOffset ReceivedAt, string? TopicArn, string? MessageId);

/// <summary>A line of a log.</summary>
/// <param name="Stream">Its log stream.</param>
/// <param name="At">When it was written, on the emulator's clock.</param>
/// <param name="Message">Its text.</param>
public sealed record LogLine(string Stream, DateTimeOffset At, string Message);

/// <summary>An execution of a state machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Status"><c>RUNNING</c>, <c>SUCCEEDED</c>, <c>FAILED</c>, <c>TIMED_OUT</c> or <c>ABORTED</c>.</param>
/// <param name="Started">When it started, on the emulator's clock.</param>
/// <param name="Stopped">When it ended; null while it runs.</param>
/// <param name="Input">Its input, JSON.</param>
/// <param name="Output">Its output, JSON, where it succeeded.</param>
/// <param name="Error">The error's name, where it failed.</param>
/// <param name="Cause">What the error says of its cause.</param>
/// <param name="History">The events of GetExecutionHistory, oldest first.</param>
public sealed record Execution(
    string Name,
    string Arn,
    string Status,
    DateTimeOffset Started,
    DateTimeOffset? Stopped,
    string? Input,
    string? Output,
    string? Error,
    string? Cause,
    IReadOnlyList<JsonElement> History
);

/// <summary>What AWS would bill.</summary>
/// <param name="Service">The service: <c>dynamodb</c>, <c>lambda</c>, <c>states</c>, …</param>
/// <param name="Resource">What used it: a table, a function, an operation.</param>
/// <param name="Unit">What is counted, such as <c>WriteRequestUnits</c>.</param>
/// <param name="Amount">How many units.</param>
public sealed record UsageItem(string Service, string Resource, string Unit, double Amount);

/// <summary>A stack that is deployed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its ARN.</param>
/// <param name="Outputs">Its outputs, by name.</param>
/// <param name="Resources">The physical ids of its resources, by logical id.</param>
public sealed record DeployedStack(
    string Name,
    string Id,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyDictionary<string, string> Resources
);
