namespace Aspire.Hosting.ApplicationModel;

/// <summary>An output of a stack: its value is there once the stacks are deployed.</summary>
/// <param name="resource">The AWS that the stack is deployed to.</param>
/// <param name="stackName">The stack; null where only one has the output.</param>
/// <param name="name">The output.</param>
public sealed class StackOutputReference(DisaResource resource, string? stackName, string name)
    : IValueProvider,
        IManifestExpressionProvider
{
    /// <summary>The AWS that the stack is deployed to.</summary>
    public DisaResource Resource => resource;

    /// <summary>The stack; null where only one has the output.</summary>
    public string? StackName => stackName;

    /// <summary>The output.</summary>
    public string Name => name;

    /// <inheritdoc />
    public string ValueExpression =>
        stackName is null ? $"{{{resource.Name}.outputs.{name}}}" : $"{{{resource.Name}.stacks.{stackName}.outputs.{name}}}";

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        (await resource.Deployed.Task.WaitAsync(cancellationToken).ConfigureAwait(false)).Find(stackName, name);
}
