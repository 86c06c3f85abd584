using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Disa.Emulator.CloudFormation;

namespace Disa.Emulator;

/// <content>Stacks.</content>
public partial class AwsAccount
{
    private const string NoUpdates = "No updates are to be performed.";

    /// <summary>Creates a stack from a template file, or updates the one of that name, and waits until it is there.</summary>
    /// <param name="template">The template's path: YAML or JSON.</param>
    /// <param name="parameters">An object whose properties are the template's parameters, such as <c>new { Stage = "test" }</c>; null for none.</param>
    /// <param name="stackName">The stack's name; null takes that of the file.</param>
    /// <param name="cancellationToken">Ends the wait, not the deployment.</param>
    /// <exception cref="LocalAwsException">The template is refused, or the stack could not be made: the message has the reasons of its resources.</exception>
    [RequiresUnreferencedCode("The properties of the parameters are read by reflection; take the overload with a dictionary.")]
    public Task<DeployedStack> DeployAsync(
        string template,
        object? parameters,
        string? stackName = null,
        CancellationToken cancellationToken = default
    ) => DeployAsync(template, Properties(parameters), stackName, cancellationToken);

    /// <summary>Creates a stack from a template file, or updates the one of that name, and waits until it is there.</summary>
    /// <param name="template">The template's path: YAML or JSON.</param>
    /// <param name="parameters">The template's parameters by name; null for none.</param>
    /// <param name="stackName">The stack's name; null takes that of the file.</param>
    /// <param name="cancellationToken">Ends the wait, not the deployment.</param>
    /// <exception cref="LocalAwsException">The template is refused, or the stack could not be made: the message has the reasons of its resources.</exception>
    public async Task<DeployedStack> DeployAsync(
        string template,
        IReadOnlyDictionary<string, string>? parameters = null,
        string? stackName = null,
        CancellationToken cancellationToken = default
    ) =>
        await DeployTemplateAsync(
                await File.ReadAllTextAsync(template, cancellationToken).ConfigureAwait(false),
                stackName ?? NameOf(template),
                parameters,
                cancellationToken
            )
            .ConfigureAwait(false);

    /// <summary>As <see cref="DeployAsync(string, IReadOnlyDictionary{string, string}, string, CancellationToken)"/>, from a template's text.</summary>
    /// <param name="templateBody">The template: YAML or JSON.</param>
    /// <param name="stackName">The stack's name.</param>
    /// <param name="parameters">The template's parameters by name; null for none.</param>
    /// <param name="cancellationToken">Ends the wait, not the deployment.</param>
    /// <exception cref="LocalAwsException">The template is refused, or the stack could not be made: the message has the reasons of its resources.</exception>
    public async Task<DeployedStack> DeployTemplateAsync(
        string templateBody,
        string stackName,
        IReadOnlyDictionary<string, string>? parameters = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(templateBody);
        if (HasFunctions(templateBody))
        {
            // Their processes reach the emulator by its port, and what the template tells them has to name it.
            await session.Cloud.Listen().ConfigureAwait(false);
        }

        if (!await Start(templateBody, stackName, parameters ?? new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false))
        {
            return await Shown(await Describe(stackName, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }

        var stack = await session
            .Until(
                async () =>
                    await Describe(stackName, cancellationToken).ConfigureAwait(false) is var current
                    && !current.StackStatus.EndsWith("_IN_PROGRESS", StringComparison.Ordinal)
                        ? current
                        : null,
                $"the stack {stackName}",
                cancellationToken
            )
            .ConfigureAwait(false);
        return stack.StackStatus is "CREATE_COMPLETE" or "UPDATE_COMPLETE"
            ? await Shown(stack, cancellationToken).ConfigureAwait(false)
            : throw await Failure(stack, cancellationToken).ConfigureAwait(false);
    }

    private static bool HasFunctions(string template) =>
        template.Contains("AWS::Lambda::Function", StringComparison.Ordinal)
        || template.Contains("AWS::Serverless::Function", StringComparison.Ordinal);

    /// <summary>A stack's name has letters, digits and hyphens only, and begins with a letter.</summary>
    private static string NameOf(string template)
    {
        var name = string.Concat(Path.GetFileNameWithoutExtension(template).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : "stack-" + name;
    }

    [RequiresUnreferencedCode("The properties are read by reflection.")]
    private static Dictionary<string, string> Properties(object? parameters)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parameters is not null)
        {
            foreach (PropertyDescriptor property in TypeDescriptor.GetProperties(parameters))
            {
                if (property.GetValue(parameters) is { } value)
                {
                    found[property.Name] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
                }
            }
        }

        return found;
    }

    /// <summary>False where the stack is as the template wants it.</summary>
    private async Task<bool> Start(
        string template,
        string stackName,
        IReadOnlyDictionary<string, string> parameters,
        CancellationToken cancellation
    )
    {
        List<StackParameter> given = [.. parameters.Select(pair => new StackParameter(pair.Key, pair.Value))];
        List<string> capabilities = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"];
        try
        {
            await session
                .Call<StackIdResponse>(
                    "cloudformation",
                    new CreateStackRequest
                    {
                        StackName = stackName,
                        TemplateBody = template,
                        Parameters = given,
                        Capabilities = capabilities,
                    },
                    Root,
                    cancellation
                )
                .ConfigureAwait(false);
            return true;
        }
        catch (LocalAwsException taken) when (taken.Code is "AlreadyExistsException")
        {
            try
            {
                await session
                    .Call<StackIdResponse>(
                        "cloudformation",
                        new UpdateStackRequest
                        {
                            StackName = stackName,
                            TemplateBody = template,
                            Parameters = given,
                            Capabilities = capabilities,
                        },
                        Root,
                        cancellation
                    )
                    .ConfigureAwait(false);
                return true;
            }
            catch (LocalAwsException same) when (same.Message.EndsWith(NoUpdates, StringComparison.Ordinal))
            {
                return false;
            }
        }
    }

    private async Task<StackDescription> Describe(string stackName, CancellationToken cancellation) =>
        (
            await session
                .Call<DescribeStacksResponse>("cloudformation", new DescribeStacksRequest(stackName), Root, cancellation)
                .ConfigureAwait(false)
        ).Stacks[0];

    private async Task<DeployedStack> Shown(StackDescription stack, CancellationToken cancellation)
    {
        var resources = await session
            .Call<DescribeStackResourcesResponse>("cloudformation", new DescribeStackResourcesRequest(stack.StackName), Root, cancellation)
            .ConfigureAwait(false);
        return new DeployedStack(
            stack.StackName,
            stack.StackId,
            (stack.Outputs ?? []).ToDictionary(output => output.OutputKey, output => output.OutputValue),
            resources.StackResources.ToDictionary(resource => resource.LogicalResourceId, resource => resource.PhysicalResourceId ?? "")
        );
    }

    private async Task<LocalAwsException> Failure(StackDescription stack, CancellationToken cancellation)
    {
        var events = await session
            .Call<DescribeStackEventsResponse>("cloudformation", new DescribeStackEventsRequest(stack.StackId), Root, cancellation)
            .ConfigureAwait(false);
        var reasons = events
            .StackEvents.Where(happened => happened.ResourceStatus.EndsWith("_FAILED", StringComparison.Ordinal))
            .Reverse()
            .Select(happened => $"{happened.LogicalResourceId} ({happened.ResourceType}): {happened.ResourceStatusReason}");
        return new LocalAwsException(
            stack.StackStatus,
            $"The stack {stack.StackName} ended as {stack.StackStatus}. {string.Join(" ", reasons)}".TrimEnd()
        );
    }
}
