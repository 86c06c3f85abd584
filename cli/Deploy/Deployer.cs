using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Disa.Emulator;
using Disa.Emulator.Check;

namespace Disa.Cli.Deploy;

/// <summary>
/// Puts the artefacts on an AWS: bootstrap stack (key and bucket), upload, root stack. The same calls whether the AWS is
/// the emulator or Amazon's; each step finds out first whether it has been done.
/// </summary>
internal sealed class Deployer(AwsSession session, Artefacts artefacts, string stackName, DeployListener listener)
{
    /// <summary>Where the artefacts lie in the bucket.</summary>
    public const string Prefix = "0066-disa/";

    private const string ArtefactsTag = "disa:artefacts";
    private const string KeepData = "KeepData";
    private readonly ChangeSets changeSets = new(session);

    private string BootstrapName => BootstrapOf(stackName);

    public static string BootstrapOf(string stackName) => stackName + "-bootstrap";

    /// <summary>Deploys what is not deployed yet.</summary>
    /// <param name="given">Root stack parameters; the others stay as they are, or at their defaults.</param>
    /// <returns>Null where the plan was not confirmed.</returns>
    /// <exception cref="FailureException">A stack did not complete; the text is the first reason its events give.</exception>
    public async Task<Deployment?> Deploy(IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        var stack = await new StackStates(session, listener).Ready(stackName, cancellation).ConfigureAwait(false);
        if (stack is not null && IsUpToDate(stack, given))
        {
            return Deployment.Of(stack);
        }

        if (stack is null && listener.Confirm is { } confirm && !await confirm(NewPlan(given)).ConfigureAwait(false))
        {
            return null;
        }

        var (bootstrap, fresh) = await Bootstrap(stack is not null, cancellation).ConfigureAwait(false);
        if (bootstrap is null)
        {
            return null;
        }

        var wish = await Wish(stack, bootstrap, fresh, given, cancellation).ConfigureAwait(false);
        listener.Say("Asking CloudFormation what would change");
        var changes = await changeSets.Create(wish, stack, cancellation).ConfigureAwait(false);
        var end = changes is null ? stack : await Apply(changes, asks: stack is not null, cancellation).ConfigureAwait(false);
        if (end is null)
        {
            return null;
        }

        await Protect(end, cancellation).ConfigureAwait(false);
        return Deployment.Of(end);
    }

    /// <summary>What a deploy would change, and nothing else: where the stack exists its artefacts are uploaded, for CloudFormation to read them.</summary>
    public async Task<StackPlan> Plan(IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        var stack = await Deployment.StackOrNone(session, stackName, cancellation).ConfigureAwait(false);
        if (stack is null or { StackStatus: "REVIEW_IN_PROGRESS" })
        {
            return NewPlan(given);
        }

        if (IsUpToDate(stack, given))
        {
            return new StackPlan(stackName, false, []);
        }

        if (await Deployment.StackOrNone(session, BootstrapName, cancellation).ConfigureAwait(false) is not { } bootstrap)
        {
            throw new FailureException($"the stack '{BootstrapName}' with key and bucket is missing; `disa deploy` makes it.");
        }

        var wish = await Wish(stack, Deployment.Of(bootstrap), fresh: false, given, cancellation).ConfigureAwait(false);
        if (await changeSets.Create(wish, stack, cancellation).ConfigureAwait(false) is not { } set)
        {
            return new StackPlan(stackName, false, []);
        }

        await changeSets.Discard(stackName, set.Id).ConfigureAwait(false);
        return set.Plan;
    }

    /// <summary>Of a stack that does not exist: read from the templates, for nothing may be created before it is confirmed.</summary>
    private StackPlan NewPlan(IReadOnlyDictionary<string, string> given)
    {
        var bootstrap = PlannedChange.Added(BootstrapName, "AWS::CloudFormation::Stack", Declared(artefacts.BootstrapTemplate, new Dictionary<string, string>()));
        return new(stackName, true, [bootstrap, .. Declared(artefacts.RootTemplate, given)]);
    }

    private List<PlannedChange> Declared(string template, IReadOnlyDictionary<string, string> parameters) =>
    [
        .. LocalCloud.ReadTemplate(new CheckedFile("", template, Parameters: parameters)).Resources.Select(resource =>
            PlannedChange.Added(resource.LogicalId, resource.Type, resource.TemplateFile is { } file && artefacts.TextOf(file) is { } nested ? Declared(nested, parameters) : [])),
    ];

    private bool IsUpToDate(Stack stack, IReadOnlyDictionary<string, string> given) =>
        stack.StackStatus is "CREATE_COMPLETE" or "UPDATE_COMPLETE"
        && HashOf(stack) == artefacts.Hash
        && given.All(wanted => stack.Parameters.Any(parameter => parameter.ParameterKey == wanted.Key && parameter.ParameterValue == wanted.Value));

    /// <summary>Of the artefacts that a stack was deployed from.</summary>
    public static string? HashOf(Stack stack) => stack.Tags.FirstOrDefault(tag => tag.Key == ArtefactsTag)?.Value;

    private async Task<(Deployment? Bootstrap, bool Fresh)> Bootstrap(bool asks, CancellationToken cancellation)
    {
        var stack = await new StackStates(session, listener).Ready(BootstrapName, cancellation).ConfigureAwait(false);
        listener.Say(stack is null ? "Creating key and bucket" : "Looking at key and bucket");
        var wish = new StackWish(BootstrapName, artefacts.BootstrapTemplate, null, [new Parameter { ParameterKey = "KeyAlias", ParameterValue = stackName }], []);
        var changes = await changeSets.Create(wish, stack, cancellation).ConfigureAwait(false);
        var end = changes is null ? stack : await Apply(changes, asks && stack is not null, cancellation).ConfigureAwait(false);
        return (end is null ? null : Deployment.Of(end), stack is null);
    }

    /// <summary>Uploads what the stack is to be made of, and says what it is to be.</summary>
    private async Task<StackWish> Wish(Stack? stack, Deployment bootstrap, bool fresh, IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        var bucket = bootstrap.Outputs["ArtifactBucket"];
        var before = stack?.Parameters.FirstOrDefault(parameter => parameter.ParameterKey == "ArtifactPrefix")?.ParameterValue;

        // A later version lies beside the first one, so that CloudFormation sees a change of URL and key.
        var prefix = stack is null ? Prefix : HashOf(stack) == artefacts.Hash && before is not null ? before : $"{Prefix}{artefacts.Hash[..12]}/";
        var upload = new Upload(session, bucket);
        var run = (Action<Artefact> progress) => upload.Run(artefacts.Files, prefix, fresh ? null : before ?? prefix, progress, cancellation);
        var done = 0;
        var uploaded = await (listener.ShowUpload is { } show ? show(artefacts.Files, run) : run(_ => listener.Say($"Uploading artefacts: {Interlocked.Increment(ref done)} of {artefacts.Files.Count}"))).ConfigureAwait(false);
        listener.Say($"Artefacts: {uploaded.Sent} uploaded, {uploaded.Copied} copied inside the bucket, {uploaded.Unchanged} there already");

        var values = new Dictionary<string, string>(given, StringComparer.Ordinal)
        {
            ["ArtifactBucket"] = bucket,
            ["ArtifactPrefix"] = prefix,
            ["KeyArn"] = bootstrap.Outputs["KeyArn"],
        };
        var declared = LocalCloud.ReadTemplate(new CheckedFile("", artefacts.RootTemplate)).Parameters;
        if (stack is null && declared.ContainsKey(KeepData) && given.GetValueOrDefault("Environment") is "test" or "prod" && !given.ContainsKey(KeepData))
        {
            values[KeepData] = "yes";
        }

        // What the template no longer has is left out; what nobody gives stays as it is.
        var kept = stack?.Parameters.Select(parameter => parameter.ParameterKey!).Where(name => declared.ContainsKey(name) && !values.ContainsKey(name)) ?? [];
        return new StackWish(
            stackName, null, TemplateUrl(bucket, prefix),
            [.. values.Select(pair => new Parameter { ParameterKey = pair.Key, ParameterValue = pair.Value }), .. kept.Select(name => new Parameter { ParameterKey = name, UsePreviousValue = true })],
            [new Tag { Key = ArtefactsTag, Value = artefacts.Hash }]);
    }

    /// <returns>Null where it was not confirmed.</returns>
    private async Task<Stack?> Apply(ChangeSet set, bool asks, CancellationToken cancellation)
    {
        try
        {
            if (asks && listener.Confirm is { } confirm && !await confirm(set.Plan).ConfigureAwait(false))
            {
                await changeSets.Discard(set.StackName, set.Id).ConfigureAwait(false);
                return null;
            }

            cancellation.ThrowIfCancellationRequested();
            await changeSets.Execute(set, DeployToken.New(), cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await changeSets.Discard(set.StackName, set.Id).ConfigureAwait(false);
            throw;
        }
        catch (AmazonCloudFormationException late) when (late.ErrorCode is "InvalidChangeSetStatus" or "ChangeSetNotFound" || late.Message.Contains("_IN_PROGRESS state", StringComparison.Ordinal))
        {
            throw new FailureException($"another deploy of '{set.StackName}' was quicker; nothing was changed by this one.");
        }

        listener.Say($"{(set.IsNew ? "Creating" : "Updating")} '{set.StackName}'");
        var end = await new StackWatch(session, listener.Step).Follow(set.StackName, cancellation).ConfigureAwait(false);
        return end.Status is "CREATE_COMPLETE" or "UPDATE_COMPLETE" ? end.Stack
            : throw new FailureException($"the stack '{set.StackName}' is {end.Status}: {end.Reason}");
    }

    /// <summary>A stack whose data is kept is not deleted by a slip either: only after somebody has lifted this.</summary>
    private async Task Protect(Stack stack, CancellationToken cancellation)
    {
        if (stack.EnableTerminationProtection != true && stack.Parameters.Any(parameter => parameter is { ParameterKey: KeepData, ParameterValue: "yes" }))
        {
            await session.CloudFormation.UpdateTerminationProtectionAsync(new UpdateTerminationProtectionRequest { StackName = stack.StackName, EnableTerminationProtection = true }, cancellation).ConfigureAwait(false);
        }
    }

    private string TemplateUrl(string bucket, string prefix) =>
        $"https://{bucket}.s3.{session.Target.Region}.{UrlSuffix(session.Target.Region)}/{prefix}cft/disa-root-stack.yaml";

    private static string UrlSuffix(string region) => Amazon.RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix is { Length: > 0 } suffix ? suffix : "amazonaws.com";
}
