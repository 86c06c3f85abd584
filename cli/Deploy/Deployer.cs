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

    private const string ArtefactsHash = "ArtefactsHash";
    private const string KeepData = "KeepData";

    private ChangeSets ChangeSets => new(session, RoleArn);

    private string BootstrapName => BootstrapOf(stackName);

    public static string BootstrapOf(string stackName) => stackName + "-bootstrap";

    /// <summary>The user's own table that a new stack is attached to, by ARN or name; null makes one, or leaves a stack with the table that it has.</summary>
    public string? Table { get; init; }

    /// <summary>The role with whose rights CloudFormation works; null for the caller's, or that of the last time.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Deploys what is not deployed yet.</summary>
    /// <param name="given">Root stack parameters; the others stay as they are, or at their defaults.</param>
    /// <returns>Null where the plan was not confirmed.</returns>
    /// <exception cref="FailureException">A stack did not complete; the text is the first reason its events give.</exception>
    public async Task<Deployment?> Deploy(IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        given = FixedParameters.OfPackages(given, artefacts.Parameters);
        var stack = await new StackStates(session, listener, RoleArn).Ready(stackName, cancellation).ConfigureAwait(false);
        if (await Attach(stack, cancellation).ConfigureAwait(false) is not { } ofTheTable)
        {
            return null;
        }

        given = FixedParameters.OfTable(given, ofTheTable);
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
        var changes = await ChangeSets.Create(wish, stack, cancellation).ConfigureAwait(false);
        var end = changes is null ? stack : await Apply(changes, asks: stack is not null, cancellation).ConfigureAwait(false);
        if (end is null)
        {
            listener.Say("The uploaded files stay in the bucket; no stack uses them");
            return null;
        }

        await Protect(end, cancellation).ConfigureAwait(false);
        return Deployment.Of(end);
    }

    /// <summary>
    /// What a deploy would change. Nothing stays behind: where the stack exists and its templates differ, CloudFormation has to read the
    /// new ones, so they lie in the bucket while it does.
    /// </summary>
    public async Task<StackPlan> Plan(IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        given = FixedParameters.OfPackages(given, artefacts.Parameters);
        var stack = await Deployment.StackOrNone(session, stackName, cancellation).ConfigureAwait(false);
        if (stack is { StackStatus: "REVIEW_IN_PROGRESS" })
        {
            stack = null;
        }

        var table = await Look(stack, cancellation).ConfigureAwait(false);
        given = FixedParameters.OfTable(given, table?.Parameters ?? new Dictionary<string, string>());
        var plan =
            stack is null ? NewPlan(given)
            : IsUpToDate(stack, given) ? new StackPlan(stackName, false, [])
            : await ChangePlan(stack, given, cancellation).ConfigureAwait(false);
        return table is null or { Steps.Count: 0 } ? plan : plan with { Changes = [PlannedChange.OfTable(table), .. plan.Changes] };
    }

    private async Task<StackPlan> ChangePlan(Stack stack, IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        if (await Deployment.StackOrNone(session, BootstrapName, cancellation).ConfigureAwait(false) is not { } existing)
        {
            throw new FailureException(
                $"the stack '{BootstrapName}' with key and bucket is missing; `{CommandName.Current} deploy` makes it."
            );
        }

        var bootstrap = Deployment.Of(existing);
        var upload = new Upload(session, bootstrap.Output("ArtifactBucket"));
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in artefacts.Files.Where(file => file.VersionParameter is not null))
        {
            var there = await upload.Find(Prefix + file.Key, cancellation).ConfigureAwait(false);
            versions[file.Key] = there?.Sha256 == file.Sha256 ? there.Version : "not-uploaded";
        }

        var same = HashOf(stack) == artefacts.Hash && Of(stack, "ArtifactPrefix") is { Length: > 0 };
        var prefix = same ? Of(stack, "ArtifactPrefix")! : $"{Prefix}diff-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}/";
        var brought = new System.Collections.Concurrent.ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (!same)
            {
                var templates = artefacts.Files.Where(file => file.VersionParameter is null).ToList();
                listener.Say($"{templates.Count} templates are in the bucket while CloudFormation compares");
                await upload
                    .Run(templates, _ => prefix, null, (file, version) => brought[file.Key] = version, cancellation)
                    .ConfigureAwait(false);
            }

            var wish = Wish(stack, bootstrap, prefix, versions, given);
            if (await ChangeSets.Create(wish, stack, cancellation).ConfigureAwait(false) is not { } set)
            {
                return new StackPlan(stackName, false, []);
            }

            await ChangeSets.Discard(stackName, set.Id).ConfigureAwait(false);
            return set.Plan;
        }
        finally
        {
            if (!brought.IsEmpty)
            {
                await upload.Remove(prefix, brought, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The table that the stack is attached to, or is to be; null where it has one of its own.</summary>
    /// <exception cref="FailureException">The stack has another table, or this one cannot be attached.</exception>
    private async Task<AttachedTable?> Look(Stack? stack, CancellationToken cancellation)
    {
        var before = Of(stack, "ExistingTableArn") is { Length: > 0 } arn ? arn : null;
        if ((Table ?? before) is not { } wanted)
        {
            return null;
        }

        var table = await new TableAttachment(session, listener.Say).Look(wanted, cancellation).ConfigureAwait(false);
        return stack is null || before == table.Arn
            ? table
            : throw new FailureException(
                $"the stack '{stackName}' {(before is null ? "has a table of its own" : $"is attached to {before}")}: pending messages would never be sent. Attach {table.Name} with a stack of its own: --stack NAME."
            );
    }

    /// <returns>The parameters that the table brings; null where it was not confirmed to change it.</returns>
    private async Task<IReadOnlyDictionary<string, string>?> Attach(Stack? stack, CancellationToken cancellation)
    {
        if (await Look(stack, cancellation).ConfigureAwait(false) is not { } table)
        {
            return new Dictionary<string, string>();
        }

        if (stack is not null)
        {
            table = table with { Readers = [] }; // One of them is the stack itself, and the others were told of when it was made.
        }

        var isToSay = table.Steps.Count > 0 || table.Unsent > 0 || table.IsCrowded;
        if (isToSay && listener.ConfirmTable is { } confirm && !await confirm(table).ConfigureAwait(false))
        {
            return null;
        }

        return (await new TableAttachment(session, listener.Say).Apply(table, cancellation).ConfigureAwait(false)).Parameters;
    }

    /// <summary>Of a stack that does not exist: read from the templates, for nothing may be created before it is confirmed.</summary>
    private StackPlan NewPlan(IReadOnlyDictionary<string, string> given)
    {
        var bootstrap = PlannedChange.Added(
            BootstrapName,
            "AWS::CloudFormation::Stack",
            Declared(artefacts.BootstrapTemplate, new Dictionary<string, string>())
        );
        return new(stackName, true, [bootstrap, .. Declared(artefacts.RootTemplate, given)]);
    }

    private List<PlannedChange> Declared(string template, IReadOnlyDictionary<string, string> parameters) =>
        [
            .. LocalCloud
                .ReadTemplate(new CheckedFile("", template, Parameters: parameters))
                .Resources.Select(resource =>
                    PlannedChange.Added(
                        resource.LogicalId,
                        resource.Type,
                        resource.TemplateFile is { } file && artefacts.TextOf(file) is { } nested ? Declared(nested, parameters) : []
                    )
                ),
        ];

    private bool IsUpToDate(Stack stack, IReadOnlyDictionary<string, string> given) =>
        stack.StackStatus is "CREATE_COMPLETE" or "UPDATE_COMPLETE"
        && HashOf(stack) == artefacts.Hash
        && given.All(wanted =>
            stack.Parameters.Any(parameter => parameter.ParameterKey == wanted.Key && parameter.ParameterValue == wanted.Value)
        );

    /// <summary>Of the artefacts that a stack was deployed from; null of one that was made by hand.</summary>
    /// <remarks>A parameter, and no tag of the stack: CloudFormation writes a stack's tags on everything in it, so each deploy would touch all.</remarks>
    public static string? HashOf(Stack stack) => Of(stack, ArtefactsHash) is { Length: > 0 } hash ? hash : null;

    private async Task<(Deployment? Bootstrap, bool Fresh)> Bootstrap(bool asks, CancellationToken cancellation)
    {
        var stack = await new StackStates(session, listener, RoleArn).Ready(BootstrapName, cancellation).ConfigureAwait(false);
        listener.Say(stack is null ? "Creating key and bucket" : "Looking at key and bucket");
        var wish = new DesiredStack(
            BootstrapName,
            artefacts.BootstrapTemplate,
            null,
            [new Parameter { ParameterKey = "KeyAlias", ParameterValue = stackName }]
        );
        var changes = await ChangeSets.Create(wish, stack, cancellation).ConfigureAwait(false);
        var end = changes is null ? stack : await Apply(changes, asks && stack is not null, cancellation).ConfigureAwait(false);
        return (end is null ? null : Deployment.Of(end), stack is null);
    }

    /// <summary>Uploads what the stack is to be made of, and says what it is to be.</summary>
    private async Task<DesiredStack> Wish(
        Stack? stack,
        Deployment bootstrap,
        bool fresh,
        IReadOnlyDictionary<string, string> given,
        CancellationToken cancellation
    )
    {
        var bucket = bootstrap.Output("ArtifactBucket");
        var (before, code) = (Of(stack, "ArtifactPrefix"), Of(stack, "CodePrefix"));

        // Later templates lie beside the first ones: whoever deploys an older version meanwhile finds its own.
        var prefix =
            stack is null ? Prefix
            : HashOf(stack) == artefacts.Hash && before is not null ? before
            : $"{Prefix}{artefacts.Hash[..12]}/";
        var upload = new Upload(session, bucket);
        Func<Artefact, string>? earlier = fresh
            ? null
            : file =>
                file.VersionParameter is null ? before ?? prefix
                : code is { Length: > 0 } ? code
                : before ?? Prefix;
        var run = (Action<Artefact> progress) =>
            upload.Run(
                artefacts.Files,
                file => file.VersionParameter is null ? prefix : Prefix,
                earlier,
                (file, _) => progress(file),
                cancellation
            );
        var done = 0;
        var uploaded = await (
            listener.ShowUpload is { } show
                ? show(artefacts.Files, run)
                : run(_ => listener.Say($"Uploading artefacts: {Interlocked.Increment(ref done)} of {artefacts.Files.Count}"))
        ).ConfigureAwait(false);
        listener.Say(
            $"Artefacts: {uploaded.Sent} uploaded, {uploaded.Copied} copied inside the bucket, {uploaded.Unchanged} there already"
        );
        return Wish(stack, bootstrap, prefix, uploaded.Versions, given);
    }

    private DesiredStack Wish(
        Stack? stack,
        Deployment bootstrap,
        string prefix,
        IReadOnlyDictionary<string, string> versions,
        IReadOnlyDictionary<string, string> given
    )
    {
        var values = new Dictionary<string, string>(given, StringComparer.Ordinal)
        {
            ["ArtifactBucket"] = bootstrap.Output("ArtifactBucket"),
            ["ArtifactPrefix"] = prefix,
            ["CodePrefix"] = Prefix,
            ["KeyArn"] = bootstrap.Output("KeyArn"),
            [ArtefactsHash] = artefacts.Hash,
        };
        foreach (var file in artefacts.Files.Where(file => file.VersionParameter is not null))
        {
            values[file.VersionParameter!] = versions[file.Key];
        }

        var declared = LocalCloud.ReadTemplate(new CheckedFile("", artefacts.RootTemplate)).Parameters;
        if (
            stack is null
            && declared.ContainsKey(KeepData)
            && given.GetValueOrDefault("Environment") is "test" or "prod"
            && !given.ContainsKey(KeepData)
        )
        {
            values[KeepData] = "yes";
        }

        // What the template no longer has is left out; what nobody gives stays as it is.
        var kept =
            stack
                ?.Parameters.Select(parameter => parameter.ParameterKey!)
                .Where(name => declared.ContainsKey(name) && !values.ContainsKey(name))
            ?? [];
        return new DesiredStack(
            stackName,
            null,
            TemplateUrl.Of(session.Target.Region, values["ArtifactBucket"], prefix),
            [
                .. values.Select(pair => new Parameter { ParameterKey = pair.Key, ParameterValue = pair.Value }),
                .. kept.Select(name => new Parameter { ParameterKey = name, UsePreviousValue = true }),
            ]
        );
    }

    private static string? Of(Stack? stack, string parameter) =>
        stack?.Parameters.FirstOrDefault(one => one.ParameterKey == parameter)?.ParameterValue;

    /// <returns>Null where it was not confirmed.</returns>
    private async Task<Stack?> Apply(ChangeSet set, bool asks, CancellationToken cancellation)
    {
        try
        {
            if (asks && listener.Confirm is { } confirm && !await confirm(set.Plan).ConfigureAwait(false))
            {
                await ChangeSets.Discard(set.StackName, set.Id).ConfigureAwait(false);
                return null;
            }

            cancellation.ThrowIfCancellationRequested();
            await ChangeSets.Execute(set, DeployToken.New(), cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await ChangeSets.Discard(set.StackName, set.Id).ConfigureAwait(false);
            throw;
        }
        catch (AmazonCloudFormationException late) when (ChangeSets.IsLate(late))
        {
            throw new FailureException($"another deploy of '{set.StackName}' finished first; this one changed nothing.");
        }

        listener.Say($"{(set.IsNew ? "Creating" : "Updating")} '{set.StackName}'");
        var end = await new StackWatch(session, listener.Step).Follow(set.StackName, cancellation).ConfigureAwait(false);
        return end.Status is "CREATE_COMPLETE" or "UPDATE_COMPLETE"
            ? end.Stack
            : throw new FailureException($"the stack '{set.StackName}' is {end.Status}: {end.Reason}");
    }

    /// <summary>A stack whose data is kept is not deleted by a slip either: only after someone has lifted this.</summary>
    private async Task Protect(Stack stack, CancellationToken cancellation)
    {
        if (
            stack.EnableTerminationProtection != true
            && stack.Parameters.Any(parameter => parameter is { ParameterKey: KeepData, ParameterValue: "yes" })
        )
        {
            await session
                .CloudFormation.UpdateTerminationProtectionAsync(
                    new UpdateTerminationProtectionRequest { StackName = stack.StackName, EnableTerminationProtection = true },
                    cancellation
                )
                .ConfigureAwait(false);
        }
    }
}
