using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record PutTargetsRequest(string? Rule, string? EventBusName, List<Target>? Targets);

public sealed record FailedEntriesResponse(int FailedEntryCount, IReadOnlyList<FailedTarget> FailedEntries);

public sealed record FailedTarget(string TargetId, string ErrorCode, string ErrorMessage);

/// <summary>Adds and replaces a rule's targets by their ids.</summary>
internal sealed class PutTargets(Rules rules)
{
    /// <summary>AWS's quota for a rule.</summary>
    private const int Limit = 5;

    public Task<FailedEntriesResponse> Run(PutTargetsRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.Targets is not { Count: > 0 } targets)
        {
            throw EventsErrors.Validation(
                "1 validation error detected: Value null at 'targets' failed to satisfy constraint: Member must have length greater than or equal to 1"
            );
        }

        targets.ForEach(Check);
        return rules.Change(
            request.Rule,
            request.EventBusName,
            caller.Scope,
            rule =>
            {
                var after = rule.Targets.Where(target => targets.TrueForAll(put => put.Id != target.Id)).Concat(targets).ToList();
                return after.Count <= Limit
                    ? (rule with { Targets = after }, new FailedEntriesResponse(0, []))
                    : throw new AwsException("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
            }
        );
    }

    private static void Check(Target target)
    {
        EventsErrors.Name(target.Id, "targets.1.member.id", 64);
        EventsErrors.Text(target.Arn, "targets.1.member.arn", 1600);
        if (Arn.TryParse(target.Arn) is not { } arn)
        {
            throw EventsErrors.Validation($"Parameter {target.Arn} is not valid. Reason: Provided Arn is not in correct format.");
        }

        if (!TargetCalls.IsSupported(target.Arn!))
        {
            throw AwsException.NotImplemented($"rule targets of {arn.Service}");
        }

        var inputs = (target.Input is null ? 0 : 1) + (target.InputPath is null ? 0 : 1) + (target.InputTransformer is null ? 0 : 1);
        if (inputs > 1)
        {
            throw EventsErrors.Validation($"Only one of Input, InputPath, or InputTransformer must be provided for target {target.Id}.");
        }

        if (target.InputPath is { } path && !EventPath.IsValid(path))
        {
            throw EventsErrors.Validation($"Invalid InputPath for target {target.Id}.");
        }

        if (target.InputTransformer is { } transformer)
        {
            EventsErrors.Text(transformer.InputTemplate, "targets.1.member.inputTransformer.inputTemplate", 8192);
            if (transformer.InputPathsMap?.Values.FirstOrDefault(each => !EventPath.IsValid(each)) is { } wrong)
            {
                throw EventsErrors.Validation($"InputPathsMap for target {target.Id} contains an invalid path: {wrong}.");
            }

            if (TargetInput.Undefined(transformer) is { } undefined)
            {
                throw EventsErrors.Validation($"InputTemplate for target {target.Id} contains invalid placeholder {undefined}.");
            }
        }

        if (
            arn.Service == "sqs"
            && arn.Resource.EndsWith(".fifo", StringComparison.Ordinal)
            && target.SqsParameters?.MessageGroupId is null
        )
        {
            throw EventsErrors.Validation($"Parameter(s) SqsParameters must be specified for target: {target.Id}.");
        }

        if (arn.Service == "states" && target.RoleArn is null)
        {
            throw EventsErrors.Validation($"RoleArn is required for target {target.Arn}.");
        }

        if (target.RetryPolicy is { MaximumRetryAttempts: < 0 or > 185 } or { MaximumEventAgeInSeconds: < 60 or > 86_400 })
        {
            throw EventsErrors.Validation(
                $"RetryPolicy of target {target.Id} is not valid: MaximumRetryAttempts is 0 to 185, MaximumEventAgeInSeconds 60 to 86400."
            );
        }

        if (target.DeadLetterConfig?.Arn is { } queue && Arn.TryParse(queue)?.Service != "sqs")
        {
            throw EventsErrors.Validation(
                $"Parameter DeadLetterConfig of target {target.Id} is not valid. Reason: an SQS queue is expected."
            );
        }
    }
}
