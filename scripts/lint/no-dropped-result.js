/** True for `Result` and the answers of sockets: every member of the union has `ok`, and one says `ok: false`. */
function isResult(checker, type) {
  if (!type.isUnion()) return false;
  return (
    type.types.every((member) => member.getProperty('ok') !== undefined) &&
    type.types.some((member) => saysNo(checker, member))
  );
}

function saysNo(checker, member) {
  const flag = member.getProperty('ok');
  return flag !== undefined && checker.typeToString(checker.getTypeOfSymbol(flag)) === 'false';
}

/** An expected failure that nobody looks at is a failure that is hidden: a call's Result must be used, or dropped aloud with `void`. */
export const noDroppedResult = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      dropped: 'This Result is dropped: look at it, or say with `void` and a comment why it does not matter.',
    },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();
    return {
      ExpressionStatement(node) {
        const call = node.expression.type === 'AwaitExpression' ? node.expression.argument : node.expression;
        if (call.type !== 'CallExpression') return;
        const type = services.getTypeAtLocation(call);
        if (isResult(checker, checker.getAwaitedType(type) ?? type)) context.report({ node, messageId: 'dropped' });
      },
    };
  },
};
