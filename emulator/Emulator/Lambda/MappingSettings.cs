using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;

namespace Disa.Emulator.Lambda;

/// <summary>What an event source mapping may say, and to which source (https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html).</summary>
internal static class MappingSettings
{
    public static Mapping Apply(EventSourceMappingSettings settings, Mapping mapping)
    {
        if (settings.TumblingWindowInSeconds is not (null or 0))
        {
            throw AwsException.NotImplemented("tumbling windows (TumblingWindowInSeconds)");
        }

        if (settings.DestinationConfig?.OnSuccess?.Target is { Length: > 0 })
        {
            throw LambdaErrors.Invalid("OnSuccess destination is not supported for this event source.");
        }

        var changed = mapping with
        {
            IsEnabled = settings.Enabled ?? mapping.IsEnabled,
            BatchSize = settings.BatchSize ?? mapping.BatchSize,
            BatchingWindow = settings.MaximumBatchingWindowInSeconds ?? mapping.BatchingWindow,
            ParallelizationFactor = settings.ParallelizationFactor ?? mapping.ParallelizationFactor,
            Filters = settings.FilterCriteria is null
                ? mapping.Filters
                : [.. (settings.FilterCriteria.Filters ?? []).Select(filter => filter.Pattern ?? "")],
            MaximumRetryAttempts = settings.MaximumRetryAttempts ?? mapping.MaximumRetryAttempts,
            MaximumRecordAge = settings.MaximumRecordAgeInSeconds ?? mapping.MaximumRecordAge,
            BisectsOnError = settings.BisectBatchOnFunctionError ?? mapping.BisectsOnError,
            ReportsItemFailures = settings.FunctionResponseTypes is null
                ? mapping.ReportsItemFailures
                : settings.FunctionResponseTypes.Count > 0,
            OnFailure =
                settings.DestinationConfig is null ? mapping.OnFailure
                : settings.DestinationConfig.OnFailure?.Target is { Length: > 0 } target ? target
                : null,
            MaximumConcurrency = settings.ScalingConfig is null ? mapping.MaximumConcurrency : settings.ScalingConfig.MaximumConcurrency,
        };
        Check(changed, settings);
        return changed;
    }

    /// <summary>Whether the position is one at all, and, for a stream, goes with a time (recorded on AWS 17-02-2025).</summary>
    public static void CheckPosition(CreateEventSourceMappingRequest request)
    {
        if (request.StartingPosition is not (null or "LATEST" or "AT_TIMESTAMP" or "TRIM_HORIZON"))
        {
            throw LambdaErrors.Constraint(
                request.StartingPosition,
                "startingPosition",
                "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]"
            );
        }

        if (
            request is { StartingPositionTimestamp: not null, StartingPosition: not "AT_TIMESTAMP" }
            && Arn.TryParse(request.EventSourceArn) is not { Service: "sqs" }
        )
        {
            throw LambdaErrors.Invalid("Timestamp only valid with StartingPosition AT_TIMESTAMP");
        }
    }

    public static void CheckSource(Mapping mapping, StreamAccess streams, Func<string, bool> queueExists)
    {
        if (mapping.IsStream)
        {
            if (mapping.StartingPosition is not ("TRIM_HORIZON" or "LATEST"))
            {
                throw LambdaErrors.Invalid(
                    mapping.StartingPosition is null
                        ? "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null."
                        : $"Unsupported starting position for arn type: {mapping.EventSourceArn}"
                );
            }

            if (!mapping.EventSourceArn.Contains("/stream/", StringComparison.Ordinal) || !streams.Exists(mapping.EventSourceArn))
            {
                throw LambdaErrors.Invalid($"Stream not found: {mapping.EventSourceArn}");
            }
        }
        else if (Arn.TryParse(mapping.EventSourceArn) is { Service: "sqs" })
        {
            if (mapping.StartingPosition is not null)
            {
                throw LambdaErrors.Invalid("StartingPosition is not valid for SQS event sources.");
            }

            if (!queueExists(mapping.EventSourceArn))
            {
                throw LambdaErrors.Invalid(
                    "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist."
                );
            }
        }
        else
        {
            throw Arn.TryParse(mapping.EventSourceArn) is { } arn
                ? AwsException.NotImplemented($"event source mappings of {arn.Service}")
                : LambdaErrors.Constraint(
                    mapping.EventSourceArn,
                    "eventSourceArn",
                    "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)"
                );
        }
    }

    private static void Check(Mapping mapping, EventSourceMappingSettings settings)
    {
        InRange(mapping.BatchSize, 1, 10_000, "batchSize");
        InRange(mapping.BatchingWindow, 0, 300, "maximumBatchingWindowInSeconds");
        if (mapping.IsStream)
        {
            InRange(mapping.ParallelizationFactor, 1, 10, "parallelizationFactor");
            InRange(mapping.MaximumRetryAttempts, -1, 10_000, "maximumRetryAttempts");
            if (mapping.MaximumRecordAge != -1)
            {
                InRange(mapping.MaximumRecordAge, 60, 604_800, "maximumRecordAgeInSeconds");
            }

            if (mapping.OnFailure is { } target && Arn.TryParse(target) is not { Service: "sqs" or "sns" })
            {
                throw Arn.TryParse(target) is { Service: "s3" }
                    ? AwsException.NotImplemented("S3 destinations of event source mappings")
                    : LambdaErrors.Invalid($"The provided destination is not supported: {target}");
            }

            if (mapping.MaximumConcurrency is not null)
            {
                throw LambdaErrors.Invalid("ScalingConfig is only supported for SQS event sources.");
            }
        }
        else
        {
            Queue(mapping, settings);
        }

        if (settings.FunctionResponseTypes is { Count: > 0 } types && types is not ["ReportBatchItemFailures"])
        {
            throw LambdaErrors.Constraint(
                string.Join(", ", types),
                "functionResponseTypes",
                "Member must satisfy enum value set: [ReportBatchItemFailures]"
            );
        }

        CheckFilters(mapping);
    }

    private static void Queue(Mapping mapping, EventSourceMappingSettings settings)
    {
        if (
            settings.ParallelizationFactor is not null
            || settings.MaximumRetryAttempts is not null
            || settings.MaximumRecordAgeInSeconds is not null
            || settings.BisectBatchOnFunctionError is not null
            || settings.DestinationConfig is not null
        )
        {
            throw LambdaErrors.Invalid(
                "Unsupported parameter for SQS event sources: ParallelizationFactor, MaximumRetryAttempts, MaximumRecordAgeInSeconds, BisectBatchOnFunctionError and DestinationConfig belong to streams."
            );
        }

        if (mapping.BatchSize > 10 && mapping.BatchingWindow == 0)
        {
            throw LambdaErrors.Invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
        }

        if (mapping.EventSourceArn.EndsWith(".fifo", StringComparison.Ordinal) && (mapping.BatchSize > 10 || mapping.BatchingWindow > 0))
        {
            throw LambdaErrors.Invalid("Batching window and batch sizes greater than 10 are not supported for FIFO queues.");
        }

        if (mapping.MaximumConcurrency is { } concurrency)
        {
            InRange(concurrency, 2, 1000, "scalingConfig.maximumConcurrency");
        }
    }

    private static void CheckFilters(Mapping mapping)
    {
        if (mapping.Filters.Count > 5)
        {
            throw LambdaErrors.Invalid("Too many filters: an event source mapping takes at most 5.");
        }

        foreach (var filter in mapping.Filters)
        {
            try
            {
                EventPattern.Parse(filter, PatternDialect.Lambda);
            }
            catch (EventPatternException)
            {
                throw LambdaErrors.Invalid("Invalid filter pattern definition.");
            }
        }
    }

    private static void InRange(int value, int least, int most, string member)
    {
        if (value < least || value > most)
        {
            throw LambdaErrors.Constraint(
                value.ToString(CultureInfo.InvariantCulture),
                member,
                value < least
                    ? $"Member must have value greater than or equal to {least}"
                    : $"Member must have value less than or equal to {most}"
            );
        }
    }
}
