using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record TagResourceRequest
{
    public string? ResourceArn { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }
}

internal sealed record UntagResourceRequest
{
    public string? ResourceArn { get; init; }

    public IReadOnlyList<string>? TagKeys { get; init; }
}

internal sealed record ListTagsForResourceRequest
{
    public string? ResourceArn { get; init; }
}

internal sealed record ListTagsForResourceResponse(IReadOnlyList<Tag> Tags);

/// <summary>Tags of state machines and activities: TagResource, UntagResource and ListTagsForResource.</summary>
internal sealed class Tags(Database database, StateMachines machines, Activities activities)
{
    public Task<EmptyResponse> Add(TagResourceRequest request, Caller caller, CancellationToken cancellation) =>
        Change(
            request.ResourceArn,
            tags =>
            {
                var added = StateMachines.CheckTags(request.Tags ?? throw StepFunctionsErrors.Missing("tags"), request.ResourceArn!);
                return StateMachines.CheckTags([.. tags, .. added], request.ResourceArn!);
            }
        );

    public Task<EmptyResponse> Remove(UntagResourceRequest request, Caller caller, CancellationToken cancellation) =>
        Change(
            request.ResourceArn,
            tags => [.. tags.Where(tag => !(request.TagKeys ?? throw StepFunctionsErrors.Missing("tagKeys")).Contains(tag.Key))]
        );

    public ListTagsForResourceResponse List(ListTagsForResourceRequest request, Caller caller) => new(Find(request.ResourceArn));

    private Task<EmptyResponse> Change(string? arn, Func<IReadOnlyList<Tag>, IReadOnlyList<Tag>> change)
    {
        Find(arn);
        return database.Write(transaction =>
        {
            if (Activities.IsArn(arn))
            {
                var activity = activities.Get(transaction, arn!) ?? throw StepFunctionsErrors.ResourceNotFound(arn!);
                activities.Put(transaction, activity with { Tags = change(activity.Tags) });
                return EmptyResponse.Value;
            }

            var machine = machines.Get(transaction, arn!) ?? throw StepFunctionsErrors.ResourceNotFound(arn!);
            machines.Put(transaction, machine with { Tags = change(machine.Tags) });
            return EmptyResponse.Value;
        });
    }

    private IReadOnlyList<Tag> Find(string? arn) =>
        arn is null ? throw StepFunctionsErrors.Missing("resourceArn")
        : Activities.IsArn(arn) ? activities.Get(arn)?.Tags ?? throw StepFunctionsErrors.ResourceNotFound(arn)
        : machines.Get(arn)?.Tags ?? throw StepFunctionsErrors.ResourceNotFound(arn);
}
