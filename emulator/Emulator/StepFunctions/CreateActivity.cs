using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

internal sealed record CreateActivityRequest
{
    public string? Name { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }

    public EncryptionConfiguration? EncryptionConfiguration { get; init; }
}

internal sealed record CreateActivityResponse(string ActivityArn, DateTimeOffset CreationDate);

/// <summary>Creates an activity; the same again answers as the first time.</summary>
internal sealed class CreateActivity(Database database, Activities activities, Clock clock)
{
    public Task<CreateActivityResponse> Run(CreateActivityRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = StateMachines.CheckName(request.Name);
        var arn = Activities.ArnOf(caller.Scope, name);
        StateMachines.CheckEncryption(request.EncryptionConfiguration);
        var activity = new ActivityDocument
        {
            Arn = arn,
            Name = name,
            Created = clock.GetUtcNow(),
            Tags = StateMachines.CheckTags(request.Tags, arn),
        };
        return database.Write(transaction =>
        {
            if (activities.Get(transaction, arn) is { } existing)
            {
                return new CreateActivityResponse(existing.Arn, existing.Created);
            }

            activities.Put(transaction, activity);
            return new CreateActivityResponse(activity.Arn, activity.Created);
        });
    }
}
