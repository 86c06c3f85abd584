using System.Text.Json;

namespace Disa.Asl;

/// <summary>Watches one state that is tested: what becomes of its data, and of its errors.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html</remarks>
public sealed class Inspection
{
    private readonly OrderedDictionary<string, JsonElement> _data = new(StringComparer.Ordinal);

    /// <summary>The context object that is to be seen; undefined for the real one.</summary>
    public JsonElement Context { get; init; }

    /// <summary>How often the retrier that applies has retried already.</summary>
    public int RetrierRetryCount { get; init; }

    /// <summary>How many items of a distributed Map are to have failed.</summary>
    public int FailedItems { get; init; }

    /// <summary>What the ItemReader of a distributed Map is to have read; null where a test does not say.</summary>
    public Func<ReaderOrder, IReadOnlyList<MapItem>>? ReadItems { get; init; }

    /// <summary>The data after each step, named as InspectionData names them.</summary>
    public IReadOnlyDictionary<string, JsonElement> Data => _data;

    public int? MaxConcurrency { get; internal set; }

    public int? ToleratedFailureCount { get; internal set; }

    public double? ToleratedFailurePercentage { get; internal set; }

    /// <summary>How many items a distributed Map has.</summary>
    internal int Items { get; set; }

    /// <summary>The rule of Retry that applies, also where it retries no more.</summary>
    public int? RetryIndex { get; internal set; }

    /// <summary>Null where nothing is retried.</summary>
    public TimeSpan? RetryBackoff { get; internal set; }

    public int? CatchIndex { get; internal set; }

    /// <summary>The error that was retried, caught, or neither.</summary>
    public WorkflowError? Error { get; internal set; }

    internal void Note(string name, JsonElement value) => _data[name] = value;
}
