using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

/// <summary>An export as it is kept: what was asked, the rows of that moment in a space of their own, and what became of it.</summary>
internal sealed record ExportDocument
{
    public required string Arn { get; init; }

    /// <summary>IN_PROGRESS, COMPLETED or FAILED.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public required ExportTableToPointInTimeRequest Request { get; init; }

    public required TableDocument Table { get; init; }

    /// <summary>The number of the rows, until they are written.</summary>
    public required long Space { get; init; }

    /// <summary>In whose name the objects are written.</summary>
    public required string CallerArn { get; init; }

    public required string CallerId { get; init; }

    public string? SessionPolicy { get; init; }

    public string? Manifest { get; init; }

    public long? ItemCount { get; init; }

    public long? Size { get; init; }

    public string? FailureCode { get; init; }

    public string? FailureMessage { get; init; }

    /// <summary>What follows the last slash of the ARN.</summary>
    public string Id => Arn[(Arn.LastIndexOf('/') + 1)..];

    public Caller Caller(Scope scope) =>
        new(scope.Account, scope.Region, Principal.Parse(CallerArn), CallerId, "", Guid.NewGuid().ToString())
        {
            SessionPolicy = SessionPolicy,
        };
}
