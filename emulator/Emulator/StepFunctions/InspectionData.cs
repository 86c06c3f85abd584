using System.Text.Json.Serialization;
using Disa.Asl;

namespace Disa.Emulator.StepFunctions;

/// <summary>What became of the data of a tested state, step by step.</summary>
internal sealed record InspectionData
{
    public string? Input { get; init; }

    public string? AfterArguments { get; init; }

    public string? AfterInputPath { get; init; }

    public string? AfterParameters { get; init; }

    public string? Result { get; init; }

    public string? AfterResultSelector { get; init; }

    public string? AfterResultPath { get; init; }

    public string? AfterItemsPath { get; init; }

    public string? AfterItemSelector { get; init; }

    public string? AfterItemBatcher { get; init; }

    public string? AfterItemsPointer { get; init; }

    public int? ToleratedFailureCount { get; init; }

    [JsonConverter(typeof(JavaDouble))]
    public double? ToleratedFailurePercentage { get; init; }

    public int? MaxConcurrency { get; init; }

    public string? Variables { get; init; }

    public InspectionErrorDetails? ErrorDetails { get; init; }

    public static InspectionData Of(Inspection inspection)
    {
        string? Text(string name) => inspection.Data.TryGetValue(name, out var value) ? value.GetRawText() : null;

        return new InspectionData
        {
            Input = Text("input"),
            AfterArguments = Text("afterArguments"),
            AfterInputPath = Text("afterInputPath"),
            AfterParameters = Text("afterParameters"),
            Result = Text("result"),
            AfterResultSelector = Text("afterResultSelector"),
            AfterResultPath = Text("afterResultPath"),
            AfterItemsPath = Text("afterItemsPath"),
            AfterItemSelector = Text("afterItemSelector"),
            AfterItemBatcher = Text("afterItemBatcher"),
            AfterItemsPointer = Text("afterItemsPointer"),
            ToleratedFailureCount = inspection.ToleratedFailureCount,
            ToleratedFailurePercentage = inspection.ToleratedFailurePercentage,
            MaxConcurrency = inspection.MaxConcurrency,
            Variables = Text("variables"),
            ErrorDetails = inspection switch
            {
                { CatchIndex: { } index } => new InspectionErrorDetails { CatchIndex = index },
                { RetryIndex: { } index } => new InspectionErrorDetails
                {
                    RetryIndex = index,
                    RetryBackoffIntervalSeconds = (int?)inspection.RetryBackoff?.TotalSeconds,
                },
                _ => null,
            },
        };
    }
}

internal sealed record InspectionErrorDetails
{
    public int? CatchIndex { get; init; }

    public int? RetryIndex { get; init; }

    public int? RetryBackoffIntervalSeconds { get; init; }
}
